// Runs an experiment: its teachers, then its studies, on records that keep every run, and sums up what they came to.
import { cpus } from 'node:os';
import type { Progress } from '@bitnetmcu/trainer';
import type { RunRecords } from '../records/run-records.js';
import { packageVersions } from '../run/run-key.js';
import type { FinishedRun } from '../run/run-record.js';
import type { Runner } from '../runners/runner.js';
import { type EndedStudyRun, runStudy, type StudyRun } from '../study/run-study.js';
import { parseListStudy, type Study } from '../study/study.js';
import { summarizeRuns } from '../study/summarize-runs.js';
import type { Experiment, ExperimentConfiguration, ExperimentStudy } from './experiment.js';
import { measureAgain } from './measure-again.js';
import { MEASURE_NAMES, MEASURES } from './measures.js';
import { type QuickData, quickForm, quickSeeds } from './quick-form.js';
import {
  type ConfigurationResults,
  configurationConfig,
  type ExperimentResults,
  type RunFigures,
  trainedHash,
  withTeacherPaths,
} from './results.js';
import { trainTeachers } from './teachers.js';

const DEFAULT_TARGETS = ['ch32v003'];
const QUICK_SEARCH = 4;

export interface RunExperimentOptions {
  readonly records: RunRecords;
  readonly runner: Runner;
  /** Where teachers and the quick form's data are kept. */
  readonly folder: string;
  /** What the results name as their maker. */
  readonly command: string;
  /** In place of each study's own number: every configuration is trained with the seeds 1 … n. */
  readonly seeds?: number | undefined;
  /** Few samples, epochs and one seed: whether everything runs, not what it comes to. */
  readonly quick?: QuickData | undefined;
  /** Measures flash, RAM and cycles of all runs with the kernels of now, also of those that are there already. */
  readonly measureAgain?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly retryFailed?: boolean | undefined;
  onTeacher?: ((name: string, progress: Progress) => void) | undefined;
  onStart?: ((run: StudyRun) => void) | undefined;
  onProgress?: ((run: StudyRun, progress: Progress) => void) | undefined;
  onEnd?: ((run: EndedStudyRun) => void) | undefined;
  /** So many runs of a study are measured again. */
  onMeasured?: ((done: number, all: number) => void) | undefined;
}

export interface ExperimentOutcome {
  readonly status: 'finished' | 'interrupted';
  /** Of the studies that are complete. */
  readonly results: Omit<ExperimentResults, 'version'>;
  readonly failed: number;
}

/** How many runs an experiment is, whether or not they are there already. */
export function plannedRuns(
  experiment: Experiment,
  { seeds, quick = false }: { readonly seeds?: number | undefined; readonly quick?: boolean },
): number {
  return experiment.studies.reduce((sum, { configurations, search, seeds: own }) => {
    const searches = search === undefined ? 0 : quick ? QUICK_SEARCH : search.runs;
    return sum + searches + configurations.length * (seeds ?? (quick ? quickSeeds : own));
  }, 0);
}

/**
 * Runs an experiment to its end, or until the signal is aborted; runs whose records are there are not made again.
 * @throws StudyError `invalid-study` for a configuration that cannot be trained; else as `runStudy`
 */
export async function runExperiment(given: Experiment, options: RunExperimentOptions): Promise<ExperimentOutcome> {
  const { quick, command } = options;
  const experiment = quick ? quickForm(given, quick) : given;
  const teachers = await trainTeachers(experiment, options);
  const studies: ExperimentResults['studies'] = [];
  let [status, failed, trainingSeconds]: [ExperimentOutcome['status'], number, number] = ['finished', 0, 0];
  if (teachers === undefined) status = 'interrupted';
  for (const row of experiment.studies) {
    if (status === 'interrupted') break;
    const found = await searched(experiment, row, options);
    const study = { ...row, configurations: [...row.configurations, ...found] } as const;
    const result = await runStudy(studyOf(experiment, study, teachers!, options.seeds), options);
    status = result.status;
    failed += result.runs.filter(({ record }) => record.status === 'failed').length;
    for (const { record } of result.runs) trainingSeconds += record.status === 'finished' ? record.seconds : 0;
    const runs = status === 'finished' ? await measuredRuns(result.runs, options) : undefined;
    if (runs === undefined) status = 'interrupted';
    else {
      const configurations = resultsOf(experiment, study, runs);
      studies.push({ title: study.title, configurations, ...(row.search && { found: found.map(foundJson) }) });
    }
  }
  const results = {
    experiment: experiment.name,
    command,
    date: new Date().toISOString(),
    ...(options.measureAgain && { costsMeasured: new Date().toISOString() }),
    quick: quick !== undefined,
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.versions.node },
    versions: packageVersions(),
    trainingSeconds: Math.round(trainingSeconds),
    studies,
  };
  return { status, results, failed };
}

/** The runs, measured again where that is asked for; undefined where it was stopped. */
async function measuredRuns(
  runs: readonly EndedStudyRun[],
  { records, signal, measureAgain: isWanted, onMeasured }: RunExperimentOptions,
): Promise<readonly EndedStudyRun[] | undefined> {
  if (!isWanted) return runs;
  try {
    return await measureAgain(runs, records, { signal, onMeasured });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** What a study's search finds; nothing where it was stopped, as the study then is. */
async function searched(
  { name }: Experiment,
  { title, search, base }: ExperimentStudy,
  options: RunExperimentOptions,
): Promise<ExperimentConfiguration[]> {
  if (search === undefined) return [];
  const runs = options.quick ? QUICK_SEARCH : search.runs;
  const sampler = search.sampler(runs, base);
  const result = await runStudy({ name: studyName(`${name} ${title} search`), sampler, runs }, options);
  return search.choose(result.runs.flatMap(({ record }) => (record.status === 'finished' ? [record] : [])));
}

function foundJson({ label, config = {} }: ExperimentConfiguration): {
  label: string;
  config: Record<string, unknown>;
} {
  return { label, config };
}

function studyName(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 100);
}

function studyOf(
  { name }: Experiment,
  study: ExperimentStudy,
  teachers: ReadonlyMap<string, string>,
  seeds = study.seeds,
): Study {
  return parseListStudy({
    name: studyName(`${name} ${study.title}`),
    configurations: study.configurations.map((one) => ({
      name: one.label,
      config: withTeacherPaths(configurationConfig(study, one), teachers),
      ...(one.float && { float: true }),
    })),
    ...{ seeds, targets: study.targets ?? DEFAULT_TARGETS, test: true },
  });
}

function resultsOf(
  experiment: Experiment,
  study: ExperimentStudy,
  runs: readonly EndedStudyRun[],
): ConfigurationResults[] {
  const summaries = new Map(summarizeRuns(runs).map((summary) => [summary.label, summary]));
  return study.configurations.flatMap((one) => {
    const own = runs.filter(({ label }) => label === one.label);
    if (own.length === 0) return [];
    return {
      label: one.label,
      trained: trainedHash(experiment, study, one),
      runs: own.flatMap(({ record }) => (record.status === 'finished' ? [figuresOf(record)] : [])),
      failed: own.flatMap(({ record }) =>
        record.status === 'failed' ? [{ seed: record.request.config.seed, message: firstLine(record.message) }] : [],
      ),
      targets: [...(summaries.get(one.label)?.targets ?? [])],
    };
  });
}

function figuresOf(record: FinishedRun): RunFigures {
  const entries = MEASURE_NAMES.flatMap((name) => {
    const value = MEASURES[name].of(record);
    // More digits than there are samples or bits of a float say nothing.
    return value === undefined ? [] : [[name, Number(value.toPrecision(8))] as const];
  });
  return { seed: record.request.config.seed, figures: Object.fromEntries(entries) };
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}
