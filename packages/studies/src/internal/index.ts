// @bitnetmcu/studies/internal: what the packages of this project share and users do not need. Changes without notice.
export type { Answer, Claim, Verdict } from '../experiments/claims.js';
export {
  type ComparedConfiguration,
  type ComparedExperiment,
  type ComparedFigure,
  type ComparedStudy,
  compareExperiment,
  shownMeasures,
} from '../experiments/comparisons.js';
export type { Experiment } from '../experiments/experiment.js';
export { type MeasureName, measureOf } from '../experiments/measures.js';
export { writeQuickData } from '../experiments/quick-form.js';
export { readComparison } from '../experiments/report/read-results.js';
export { reportFiles } from '../experiments/report/report-files.js';
export { type ExperimentResults, writeExperimentResults } from '../experiments/results.js';
export { EXPERIMENTS, findExperiment } from '../experiments/rows/index.js';
export { type ExperimentOutcome, plannedRuns, runExperiment } from '../experiments/run-experiment.js';
export { hypervolume } from '../front/hypervolume.js';
export { MAX_RECORD_BYTES, MAX_RUNS } from '../limits.js';
export { logarithmicMarks } from '../plot/marks.js';
export { svgDocument, svgLine, svgText } from '../plot/svg.js';
export { MAX_JOB_BYTES } from '../queue/job.js';
export { MAX_OUTCOME_BYTES } from '../queue/outcomes.js';
export { type DeadLetter, type QueueStatus, readQueue } from '../queue/queue-status.js';
export { holdsPassword } from '../queue/redis-address.js';
export { jobsOfWorker } from '../queue/workers-of-queue.js';
export { canonicalJson } from '../run/canonical-json.js';
export { type CheckpointStore, checkpointFolder } from '../run/checkpoint-store.js';
export { comparable } from '../run/comparable-record.js';
export { judgeIntegers } from '../run/integer-score.js';
export { type DrawnSamples, drawFitted, type QuantizedNetwork, quantizeWithData } from '../run/quantize-with-data.js';
export { type ExecutedRun, type ExecuteOptions, RunExecutor } from '../run/run-executor.js';
export { engineMeaning, runKey } from '../run/run-key.js';
export { FoundBefore } from '../search/found-before.js';
export { smallestPart } from '../search/smallest-part.js';
export { type ComparedSide, type ComparisonWithFirst, compareWithFirst } from '../statistics/compare-with-first.js';
export { holm } from '../statistics/holm.js';
export { type JudgedRun, judgedRun, recipeOf } from '../statistics/judged-run.js';
export { mainScore } from '../statistics/main-score.js';
export { meanAndDeviation } from '../statistics/mean-deviation.js';
export { packRight, unpackRight } from '../statistics/right-bits.js';
export { bestRuns } from '../study/best-runs.js';
export { type LoggedRun, type LoggedStudy, readStudyLogs } from '../study/study-log.js';
export { type ConfigurationSummary, summarizeRuns } from '../study/summarize-runs.js';
