// What logits mean besides one class of several: regression, anomaly, multi-label.
export { requireLabels, requireOutput } from './check-output.js';
export { anomalyScore, type Decision, decide, decisionNumber } from './decide.js';
export {
  DEFAULT_QUANTILE,
  type LogitScale,
  MAX_ANOMALY_INPUTS,
  MAX_MASK_LABELS,
  type ModelOutput,
  type ModelOutputOf,
  type OutputSpec,
  TASKS,
  type Task,
  taskOf,
} from './output.js';
export { answerRange, makeLogitScale, scaleLogit } from './scale-logit.js';
