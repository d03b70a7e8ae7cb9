// @bitnetmcu/trainer: data sets, augmentation, the quantization-aware training engine and training runs. Node only.
export type { AcquireOptions } from './data/acquire.js';
export { type DataSpecInput, type LoadOptions, loadDataset } from './data/data-spec.js';
export { type Dataset, makeDataset, selectSamples } from './data/dataset.js';
export { drawSamples } from './data/draw-samples.js';
export type { Fetch } from './data/fetch-bytes.js';
export { fitInput, fitSamples, type InputFit } from './data/fit.js';
export type { CompileOptions } from './engine/compile-options.js';
export { type CompiledEngine, createEngine, type EngineOptions } from './engine/create-engine.js';
export type {
  Engine,
  EngineInfo,
  EngineKind,
  LayerStatistics,
  Samples,
  StepTotals,
  TrainableNetwork,
  TrainingSteps,
} from './engine/engine.js';
export type { AugmentRequest, EngineKernels, ImageStack, KernelOptions, ResizeRequest } from './engine/kernels.js';
export { loadKernels } from './engine/load-kernels.js';
export { TrainerError, type TrainerErrorCode } from './errors.js';
export { permutation, Random, type RandomState } from './random.js';
export { jsonlSink } from './sinks/jsonl.js';
export { tensorboardSink } from './sinks/tensorboard.js';
export type { EpochAction, EpochContext } from './training/actions/epoch-action.js';
export { type Checkpoint, readCheckpoint } from './training/checkpoint.js';
export {
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
  trainingConfigSchema,
} from './training/config.js';
export { type CreateRunOptions, createTrainingRun, type RunOptions, resumeTrainingRun } from './training/create-run.js';
export type { EpochMetrics, MetricsSink, Score } from './training/metrics.js';
export type { Progress } from './training/progress.js';
export type { TrainingRun } from './training/run.js';
export type { RunFolder, RunFolderOptions } from './training/run-folder.js';
export type { RunHandlers, RunResult } from './training/run-parts.js';
export type { SharedSamples } from './training/shared-samples.js';
