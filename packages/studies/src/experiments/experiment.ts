// An experiment of the research plan: a question, the studies that answer it, and what was claimed before.
import type { TrainingConfigInput } from '@bitnetmcu/trainer';
import type { FinishedRun } from '../run/run-record.js';
import type { Sampler } from '../samplers/sampler.js';
import type { Claim } from './claims.js';
import type { MeasureName } from './measures.js';

/** What was reported elsewhere of one run: percent, losses in nats. */
export interface ReportedFigures {
  /** Accuracies of the last epoch. */
  readonly test?: number;
  readonly train?: number;
  readonly testLoss?: number;
  readonly trainLoss?: number;
  /** Activations above zero. */
  readonly active?: number;
}

export interface ExperimentConfiguration {
  readonly label: string;
  /** What is other than in the base of its study, as a merge patch of the training configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly reported?: ReportedFigures;
  /** For what has no integer form: the network is judged as it is trained, and costs of parts are unknown. */
  readonly float?: boolean;
  /** What the quick form changes besides, so that what is special about it happens there, too. */
  readonly quick?: Readonly<Record<string, unknown>>;
}

/** Runs that choose further configurations of a study. They are judged by held-out samples alone, and know nothing of the test part. */
export interface ConfigurationSearch {
  readonly runs: number;
  /** A new sampler of so many runs. */
  sampler(runs: number, base: TrainingConfigInput): Sampler;
  /** The best ones, as configurations of the study. */
  choose(runs: readonly FinishedRun[]): ExperimentConfiguration[];
}

/** Runs that are compared with each other. */
export interface ExperimentStudy {
  /** Unique within the experiment; begins a section of its page. */
  readonly title: string;
  /** What all configurations have in common: network, epochs, augmentation. */
  readonly base: TrainingConfigInput;
  /** The first one is the baseline that the others are tested against, unless there is none. */
  readonly configurations: readonly [ExperimentConfiguration, ...ExperimentConfiguration[]];
  /** `none` where configurations are sizes, and what joins them is asked for: none is tested against another in the table. */
  readonly baseline?: 'none';
  /** What it finds stands behind the configurations. */
  readonly search?: ConfigurationSearch;
  /** Every configuration is trained with the seeds 1 … n. At least 3; 5 where differences below 0.1 % matter. */
  readonly seeds: number;
  /** What the paired test is made of; default the integer network's accuracy on the test part. */
  readonly judgedBy?: 'test' | 'floatTest';
  /** Parts of which flash, RAM and cycles are wanted, each with the name of kernels behind a colon where not the default ones. Default: CH32V003. */
  readonly targets?: readonly string[];
  /** Special measures that it shows besides the usual ones. */
  readonly measures?: readonly MeasureName[];
  /** Shown as a curve over what networks take, where configurations are sizes. Default: one line of dots a configuration. */
  readonly curve?: CurveChoice;
}

export interface CurveChoice {
  readonly over: 'weightBytes' | 'cycles';
  /** What is drawn over it. A training loss tells what a network can hold, unless terms of it are of something else. */
  readonly of: 'trainLoss' | 'test';
  /** The configurations of one name are joined by a line. */
  readonly seriesOf: (label: string) => string;
}

/** A network that is trained before the studies: configurations name it `teacher:<name>` where they want a path. */
export interface ExperimentTeacher {
  readonly name: string;
  readonly config: TrainingConfigInput;
}

/** One row of the research plan. */
export interface Experiment {
  /** As users type it. */
  readonly name: string;
  /** One sentence. */
  readonly question: string;
  /** A paragraph: what is varied, what is kept, how it is judged. */
  readonly method: string;
  readonly teachers?: readonly ExperimentTeacher[];
  readonly studies: readonly [ExperimentStudy, ...ExperimentStudy[]];
  readonly claims: readonly Claim[];
  /** What our figures mean in practice, and whether the zoo takes it; written when they are known. */
  readonly conclusion?: string;
}
