// @bitnetmcu/studies: many training runs: studies, search under a budget, one machine or a queue, records, statistics. Node only.
export { StudyError, type StudyErrorCode } from './errors.js';
export type { Fitness } from './front/domination.js';
export { createQueueRunner, type QueueRunner, type QueueRunnerOptions } from './queue/queue-runner.js';
export { type EndedJob, type RunningWorker, startWorker, type WorkerOptions } from './queue/worker.js';
export { readRecords } from './records/read-records.js';
export { openRecords, type RunRecords } from './records/run-records.js';
export type { FailedRun, FinishedRun, IntegerScore, RunRecord, TargetFigures } from './run/run-record.js';
export type { RunRequest } from './run/run-request.js';
export { createLocalPool, type LocalPoolOptions } from './runners/local-pool.js';
export type { RunLimits } from './runners/pool-process.js';
export type { KeyedRequest, Runner, RunnerHandlers, RunOutcome } from './runners/runner.js';
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
export type { NetworkCosts, SearchBudget } from './search/budget.js';
export type { SearchedRun } from './search/candidates.js';
export type { Objective } from './search/objectives.js';
export {
  type SearchOptions,
  type SearchPoint,
  type SearchResult,
  searchNetworks,
} from './search/search-networks.js';
export { type CompareRunsOptions, type Comparison, compareRuns } from './statistics/compare-runs.js';
export type { McNemar } from './statistics/mcnemar.js';
export type { MeanAndDeviation } from './statistics/mean-deviation.js';
export type { PairedT } from './statistics/paired-t.js';
export { parseStudy, type StudyInput } from './study/parse-study.js';
export {
  type EndedStudyRun,
  type RunStudyOptions,
  runStudy,
  type StudyResult,
  type StudyRun,
} from './study/run-study.js';
export type { SampledStudy } from './study/sampled-study.js';
export type { Study, StudyConfiguration } from './study/study.js';
