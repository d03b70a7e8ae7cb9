// @bitnetmcu/studies: many training runs: studies, search under a budget, one machine or a queue, records, statistics. Node only.
export { StudyError, type StudyErrorCode } from './errors.js';
export type { FailedRun, FinishedRun, RunRecord, TargetFigures } from './run/run-record.js';
export type { RunRequest } from './run/run-request.js';
export type { Runner, RunnerHandlers } from './runners/runner.js';
export type { Sampler } from './samplers/sampler.js';
