// An experiment of the research plan: a question, the studies that answer it, and what was claimed before.
import type { TrainingConfigInput } from '@bitnetmcu/trainer';
import type { Claim } from './claims.js';

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
  /** What the quick form changes besides, so that what is special about it happens there, too. */
  readonly quick?: Readonly<Record<string, unknown>>;
}

/** Runs that are compared with each other. */
export interface ExperimentStudy {
  /** Unique within the experiment; begins a section of its page. */
  readonly title: string;
  /** What all configurations have in common: network, epochs, augmentation. */
  readonly base: TrainingConfigInput;
  /** The first one is the baseline that the others are tested against. */
  readonly configurations: readonly [ExperimentConfiguration, ...ExperimentConfiguration[]];
  /** Every configuration is trained with the seeds 1 … n. At least 3; 5 where differences below 0.1 % matter. */
  readonly seeds: number;
  /** Parts of which flash, RAM and cycles are wanted. Default: CH32V003. */
  readonly targets?: readonly string[];
  /** Shown as a curve over what networks take, where configurations are sizes. Default: one line of dots a configuration. */
  readonly curve?: CurveChoice;
}

export interface CurveChoice {
  readonly over: 'weightBytes' | 'cycles';
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
