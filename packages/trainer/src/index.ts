// @bitnetmcu/trainer: data sets, augmentation, the quantization-aware training engine and training runs. Node only.
export { type AugmentationSpec, augmentationSchema } from './augmentation/spec.js';
export { type AcquireOptions, acquire } from './data/acquire.js';
export { cacheFolder } from './data/cache-folder.js';
export { CATALOGUE, type CatalogueEntry, type CatalogueName } from './data/catalogue.js';
export { type DataSpec, type DataSpecInput, dataSpecSchema, type LoadOptions, loadDataset } from './data/data-spec.js';
export { type Dataset, makeDataset, selectSamples, splitSamples } from './data/dataset.js';
export { drawSamples, otherSamples } from './data/draw-samples.js';
export { fitInput, fitSamples, type InputFit } from './data/fit.js';
export { decodeIdx, type IdxArray, idxSamples, parseIdx, readIdx } from './data/idx.js';
export { decodeImage, type Image } from './data/image-file.js';
export * from './data/limits.js';
export { resizeImages } from './data/resize.js';
export type { CompileOptions } from './engine/compile-options.js';
export { type CompiledEngine, createEngine, type EngineOptions } from './engine/create-engine.js';
export type * from './engine/engine.js';
export type * from './engine/kernels.js';
export { loadKernels } from './engine/load-kernels.js';
export { TrainerError, type TrainerErrorCode } from './errors.js';
export { mixSeeds, permutation, Random, type RandomState, shuffle } from './random.js';
export { jsonlSink } from './sinks/jsonl.js';
export { tensorboardSink } from './sinks/tensorboard.js';
export type { EpochAction, EpochContext } from './training/actions.js';
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from './training/checkpoint.js';
export {
  lossTermSchema,
  optimizerSchema,
  parseTrainingConfig,
  type TrainingConfig,
  type TrainingConfigInput,
  trainingConfigSchema,
} from './training/config.js';
export { type CreateRunOptions, createTrainingRun, type RunOptions, resumeTrainingRun } from './training/create-run.js';
export { readInitialNetwork } from './training/initial-network.js';
export type { EpochMetrics, MetricsSink, Score } from './training/metrics.js';
export { splitForValidation } from './training/prepare.js';
export type { Progress } from './training/progress.js';
export type { TrainingRun } from './training/run.js';
export { CHECKPOINT_FILE, NETWORK_FILE, RunFolder, type RunFolderOptions } from './training/run-folder.js';
export type { RunHandlers, RunResult } from './training/run-parts.js';
export { learningRateShare, type Schedule, scheduleSchema } from './training/schedule.js';
