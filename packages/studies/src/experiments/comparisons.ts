// From results to comparisons: mean, deviation and confidence interval of every measure, and a paired t test of each configuration against the first one.
import { StudyError } from '../errors.js';
import type { TargetFigures } from '../run/run-record.js';
import { holm } from '../statistics/holm.js';
import { type MeanAndDeviation, meanAndDeviation } from '../statistics/mean-deviation.js';
import { type PairedT, pairedT, tQuantile } from '../statistics/paired-t.js';
import type { Experiment, ExperimentStudy, ReportedFigures } from './experiment.js';
import { MEASURE_NAMES, type MeasureName, measureOf } from './measures.js';
import { type ConfigurationResults, type ExperimentResults, withFound } from './results.js';

export const CONFIDENCE = 0.95;

export interface ComparedFigure extends MeanAndDeviation {
  /** Of the mean, at 95 %; absent of one run. */
  readonly interval?: readonly [low: number, high: number] | undefined;
}

export interface ComparedConfiguration {
  readonly label: string;
  readonly reported: ReportedFigures | undefined;
  readonly figures: Readonly<Partial<Record<MeasureName, ComparedFigure>>>;
  /** What the study is judged by, against the baseline, in percent; absent of the baseline and of fewer than two seeds that both have. */
  readonly against?: (PairedT & { /** After Holm's correction. */ readonly corrected: number }) | undefined;
  readonly failed: ConfigurationResults['failed'];
  readonly targets: readonly TargetFigures[];
}

export interface ComparedStudy {
  readonly study: ExperimentStudy;
  readonly configurations: readonly ComparedConfiguration[];
  /** Differences of b to a over the seeds that both have; undefined of fewer than two. */
  paired(measure: MeasureName, a: string, b: string): PairedT | undefined;
  /** @throws StudyError `invalid-argument` for a label that the study does not have */
  configuration(label: string): ComparedConfiguration;
}

export interface ComparedExperiment {
  readonly experiment: Experiment;
  readonly results: ExperimentResults;
  readonly studies: readonly ComparedStudy[];
  /** By its title; default the first one. @throws StudyError `invalid-argument` */
  study(title?: string): ComparedStudy;
}

/** What a table of a study shows: measures that some configuration has, special ones where the study names them. */
export function shownMeasures({ study, configurations }: ComparedStudy): MeasureName[] {
  return MEASURE_NAMES.filter(
    (name) =>
      (!measureOf(name).special || study.measures?.includes(name)) &&
      configurations.some(({ figures }) => figures[name]),
  );
}

/** Results of configurations that the experiment has no more are left out. */
export function compareExperiment(experiment: Experiment, results: ExperimentResults): ComparedExperiment {
  const studies = experiment.studies.map((row) => {
    const study = withFound(row, results);
    const found = results.studies.find(({ title }) => title === study.title);
    return compareStudy(study, found?.configurations ?? []);
  });
  return {
    experiment,
    results,
    studies,
    study: (title = experiment.studies[0].title) =>
      named('study', title, studies, ({ study }) => study.title, experiment.name),
  };
}

function compareStudy(study: ExperimentStudy, results: readonly ConfigurationResults[]): ComparedStudy {
  const resultOf = (label: string) => results.find((one) => one.label === label);
  const paired = (measure: MeasureName, a: string, b: string): PairedT | undefined => {
    const before = valuesBySeed(resultOf(a), measure);
    const after = valuesBySeed(resultOf(b), measure);
    const seeds = [...before.keys()].filter((seed) => after.has(seed));
    const values = (of: ReadonlyMap<number, number>) => seeds.map((seed) => of.get(seed)!);
    return seeds.length < 2 ? undefined : pairedT(values(before), values(after), CONFIDENCE);
  };
  const [first, ...others] = study.configurations;
  const tested = (study.baseline === 'none' ? [] : others).flatMap(({ label }) => {
    const test = paired(study.judgedBy ?? 'test', first.label, label);
    return test === undefined ? [] : [{ label, test }];
  });
  const corrected = holm(tested.map(({ test }) => test.p));
  const against = new Map(tested.map(({ label, test }, i) => [label, { ...test, corrected: corrected[i]! }]));
  const configurations = study.configurations.map(({ label, reported }): ComparedConfiguration => {
    const result = resultOf(label);
    return {
      ...{ label, reported, against: against.get(label), figures: figuresOf(result) },
      ...{ failed: result?.failed ?? [], targets: result?.targets ?? [] },
    };
  });
  return {
    ...{ study, configurations, paired },
    configuration: (label) => named('configuration', label, configurations, (one) => one.label, study.title),
  };
}

function valuesBySeed(result: ConfigurationResults | undefined, measure: MeasureName): Map<number, number> {
  const entries = (result?.runs ?? []).flatMap(({ seed, figures }) => {
    const value = figures[measure];
    return value === undefined ? [] : [[seed, value] as const];
  });
  return new Map(entries);
}

function figuresOf(result: ConfigurationResults | undefined): ComparedConfiguration['figures'] {
  const entries = MEASURE_NAMES.flatMap((measure) => {
    const values = [...valuesBySeed(result, measure).values()];
    return values.length === 0 ? [] : [[measure, figureOf(values)] as const];
  });
  return Object.fromEntries(entries);
}

function figureOf(values: readonly number[]): ComparedFigure {
  const { count, mean, deviation } = meanAndDeviation(values);
  if (count < 2) return { count, mean, deviation };
  const reach = (tQuantile(CONFIDENCE, count - 1) * deviation) / Math.sqrt(count);
  return { count, mean, deviation, interval: [mean - reach, mean + reach] };
}

function named<T>(what: string, name: string, all: readonly T[], nameOf: (one: T) => string, where: string): T {
  const found = all.find((one) => nameOf(one) === name);
  if (found !== undefined) return found;
  throw new StudyError(
    'invalid-argument',
    `${where} has no ${what} ${JSON.stringify(name)}: one of ${all.map((one) => JSON.stringify(nameOf(one))).join(', ')} wanted.`,
  );
}
