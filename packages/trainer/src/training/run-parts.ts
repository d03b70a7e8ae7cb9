// What a training run is made of, what it reports to, and what comes out of it.
import type { Dataset } from '../data/dataset.js';
import type { EngineInfo, TrainableNetwork } from '../engine/engine.js';
import type { EpochAction } from './actions/epoch-action.js';
import type { TrainingConfig } from './config.js';
import type { EpochMetrics, MetricsSink, Score } from './metrics.js';
import type { PreparedRun } from './prepare.js';
import type { Progress } from './progress.js';
import type { RunFolder, RunFolderOptions } from './run-folder.js';

export interface RunHandlers {
  /** Stops the run at the next chunk (about 25 ms); what was done is saved. */
  readonly signal?: AbortSignal | undefined;
  onEpoch?: ((metrics: EpochMetrics) => void) | undefined;
  /** About every 25 ms. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

export type RunResult =
  | {
      readonly status: 'finished';
      /** The one evaluation on the test part. */
      readonly test: Score;
      readonly history: readonly EpochMetrics[];
    }
  | {
      readonly status: 'interrupted';
      /** Epochs completed, and steps done in the one after. */
      readonly epoch: number;
      readonly step: number;
      /** Where it was saved; absent without an output folder. `resumeTrainingRun(checkpoint)` goes on from here. */
      readonly checkpoint?: string;
      readonly history: readonly EpochMetrics[];
    };

/** With `test: false` the test part is left alone. */
export type AnyHandlers = RunHandlers & { readonly test?: boolean };

/** Of a run that left the test part alone. */
export type UntestedResult =
  | Omit<Extract<RunResult, { status: 'finished' }>, 'test'>
  | Extract<RunResult, { status: 'interrupted' }>;

/** What a run is made of; see `createTrainingRun` and `resumeTrainingRun`. */
export interface RunParts {
  readonly config: TrainingConfig;
  readonly dataset: Dataset;
  readonly prepared: PreparedRun;
  readonly network: TrainableNetwork;
  readonly engine: EngineInfo;
  readonly actions: readonly EpochAction[];
  /** Live arrays of the actions; see `EpochAction.state`. */
  readonly actionState: Readonly<Record<string, Float32Array>>;
  readonly sinks: readonly MetricsSink[];
  /** Locked already, and closed with the run; without it the folder of the configuration is locked while the run runs. */
  readonly folder?: RunFolder | undefined;
  readonly folderOptions?: RunFolderOptions | undefined;
}
