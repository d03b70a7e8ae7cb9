// @bitnetmcu/studies/internal: what the packages of this project share and users do not need. Changes without notice.
export { hypervolume } from '../front/hypervolume.js';
export { MAX_RECORD_BYTES, MAX_RUNS } from '../limits.js';
export { type DeadLetter, type QueueStatus, readQueue } from '../queue/queue-status.js';
export { holdsPassword } from '../queue/redis-address.js';
export { canonicalJson } from '../run/canonical-json.js';
export { type CheckpointStore, checkpointFolder } from '../run/checkpoint-store.js';
export { comparable } from '../run/comparable-record.js';
export { type DrawnSamples, drawFitted, type QuantizedNetwork, quantizeWithData } from '../run/quantize-with-data.js';
export { type ExecutedRun, type ExecuteOptions, RunExecutor } from '../run/run-executor.js';
export { engineMeaning, runKey } from '../run/run-key.js';
export { holm } from '../statistics/holm.js';
export { meanAndDeviation } from '../statistics/mean-deviation.js';
export { packRight, unpackRight } from '../statistics/right-bits.js';
export { type LoggedRun, type LoggedStudy, readStudyLogs } from '../study/study-log.js';
export { type ConfigurationSummary, summarizeRuns } from '../study/summarize-runs.js';
