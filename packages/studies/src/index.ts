// @bitnetmcu/studies: many training runs: studies, search under a budget, one machine or a queue, records, statistics. Node only.
export { StudyError, type StudyErrorCode } from './errors.js';
export type { Fitness } from './front/domination.js';
export type { FailedRun, FinishedRun, RunRecord, TargetFigures } from './run/run-record.js';
export type { RunRequest } from './run/run-request.js';
export type { Runner, RunnerHandlers } from './runners/runner.js';
export type { GeneSamplerOptions, RungOptions } from './samplers/gene-sampler.js';
export type { Sampler } from './samplers/sampler.js';
export {
  type EvolutionSamplerOptions,
  evolutionSampler,
  type HalvingSamplerOptions,
  halvingSampler,
  type RandomSamplerOptions,
  randomSampler,
} from './samplers/samplers.js';
export type { Dimension, Genes, Space } from './samplers/space.js';
export { type CompareRunsOptions, type Comparison, compareRuns } from './statistics/compare-runs.js';
export type { McNemar } from './statistics/mcnemar.js';
export type { MeanAndDeviation } from './statistics/mean-deviation.js';
export type { PairedT } from './statistics/paired-t.js';
