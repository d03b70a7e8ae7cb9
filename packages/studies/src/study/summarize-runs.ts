// The runs of a study by configuration: mean and deviation over seeds.
import type { FinishedRun, RunRecord, TargetFigures } from '../run/run-record.js';
import { type MeanAndDeviation, meanAndDeviation } from '../statistics/mean-deviation.js';

export interface LabelledRecord {
  /** Name of its configuration. */
  readonly label: string;
  readonly record: RunRecord;
}

/** What a configuration came to. */
export interface ConfigurationSummary {
  readonly label: string;
  readonly finished: number;
  readonly failed: number;
  /** What its integer networks are judged by, over the seeds: accuracy, or R² of a regression; absent where no run has it. */
  readonly validation?: MeanAndDeviation | undefined;
  readonly test?: MeanAndDeviation | undefined;
  /** The largest. */
  readonly weightBytes?: number | undefined;
  /** Of each part the figures of the run that takes most of it. */
  readonly targets: readonly TargetFigures[];
  /** Whether scores are R² and not shares. */
  readonly isRegression: boolean;
}

/** One summary a configuration, in the order in which they first come. */
export function summarizeRuns(runs: readonly LabelledRecord[]): ConfigurationSummary[] {
  const byLabel = new Map<string, RunRecord[]>();
  for (const { label, record } of runs) byLabel.set(label, [...(byLabel.get(label) ?? []), record]);
  return [...byLabel].map(([label, records]) => summaryOf(label, records));
}

function summaryOf(label: string, records: readonly RunRecord[]): ConfigurationSummary {
  const finished = records.filter((record) => record.status === 'finished');
  const over = (score: (run: FinishedRun) => number | undefined) => {
    const values = finished.map(score).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : meanAndDeviation(values);
  };
  return {
    label,
    finished: finished.length,
    failed: records.length - finished.length,
    validation: over(({ validation }) => validation?.integer.accuracy),
    test: over(({ test }) => test?.accuracy),
    ...(finished.length > 0 && { weightBytes: Math.max(...finished.map(({ weightBytes }) => weightBytes)) }),
    targets: (finished[0]?.targets ?? []).map((_, i) => worst(finished.map(({ targets }) => targets[i]!))),
    isRegression: finished.some(({ validation, test }) => (validation?.integer ?? test)?.r2 !== undefined),
  };
}

/** One that does not fit, else the slowest. */
function worst(figures: readonly TargetFigures[]): TargetFigures {
  const rank = ({ fits, cycles = 0 }: TargetFigures) => (fits ? cycles : Number.POSITIVE_INFINITY);
  return figures.reduce((most, one) => (rank(one) > rank(most) ? one : most));
}
