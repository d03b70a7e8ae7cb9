// What is measured in every epoch, and who is told.
import type { EngineInfo, LayerStatistics, StepTotals } from '../engine/engine.js';

/** Mean over samples. */
export interface Score {
  /** Cross-entropies in nats; squared errors in squared standard deviations of the targets. */
  readonly loss: number;
  /**
   * What the task is judged by, at most 1. Classes: share of samples of the right class. Regression: R², the same as `r2` (over training steps
   * against the training part's mean). Anomaly: the share of the input's variance that is reconstructed. Multi-label: share of samples with every
   * label right.
   */
  readonly accuracy: number;
  /** Regression, evaluated: 1 − Σ(error²)/Σ((target − mean)²), the mean over the values. */
  readonly r2?: number | undefined;
  /** Regression, evaluated: in the unit of the value; of several values the mean of theirs. */
  readonly meanAbsoluteError?: number | undefined;
  /** Anomaly, where normal and abnormal samples were evaluated: the probability that an abnormal one scores higher than a normal one. */
  readonly areaUnderRoc?: number | undefined;
  /** Multi-label, evaluated: share of labels that are right. */
  readonly labelAccuracy?: number | undefined;
}

/** Plain JSON. */
export interface EpochMetrics {
  /** 0-based. */
  readonly epoch: number;
  /** At the last step of the epoch. */
  readonly learningRate: number;
  /** Over the epoch's steps, each batch before its own update; augmented copies included. */
  readonly train: Score;
  /** After the epoch; absent without a validation split. */
  readonly validation?: Score;
  readonly layers: readonly LayerStatistics[];
  /** Of the engine that trained the epoch: with the same seed, data and versions another one of it gives the same weights, to the bit. */
  readonly arithmetic?: EngineInfo['arithmetic'];
  /** Samples trained with a second of the epoch (training alone). */
  readonly imagesPerSecond: number;
  /** Wall-clock time of the epoch with validation and everything else but checkpoints and sinks. */
  readonly seconds: number;
}

/** Receives the metrics of each epoch: a file, a terminal, a test. */
export interface MetricsSink {
  /** Once, before the first epoch: the epochs that the checkpoint already has (none for a new run). */
  open?(history: readonly EpochMetrics[]): void | Promise<void>;
  write(metrics: EpochMetrics): void | Promise<void>;
  /** Whatever way the run ends; `test` is the evaluation at the end, if it came to that. */
  close?(test?: Score): void | Promise<void>;
}

export function scoreOf({ loss, correct, samples }: StepTotals): Score {
  return { loss: loss / samples, accuracy: correct / samples };
}

/** Running sums, so that an epoch can be trained in chunks. */
export function addTotals(sum: StepTotals, more: StepTotals): void {
  sum.loss += more.loss;
  sum.correct += more.correct;
  sum.samples += more.samples;
}
