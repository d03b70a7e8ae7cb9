// What is measured in every epoch, and who is told.
import type { LayerStatistics, StepTotals } from '../engine/engine.js';

/** Mean over samples. */
export interface Score {
  /** In nats. */
  readonly loss: number;
  /** Share of samples whose largest logit is that of their class, 0 … 1. */
  readonly accuracy: number;
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
