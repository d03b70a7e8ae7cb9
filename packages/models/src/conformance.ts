// @bitnetmcu/models/conformance: random models and inputs, and the comparison of an implementation with the reference. Browser-safe.
export { conformanceInputs } from './conformance/random-inputs.js';
export { conformanceModel, type ModelRestrictions } from './conformance/random-model.js';
export {
  type ConformanceDifference,
  type ConformanceOptions,
  type ConformanceReport,
  runConformance,
} from './conformance/run-conformance.js';
