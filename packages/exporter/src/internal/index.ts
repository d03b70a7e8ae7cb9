// @bitnetmcu/exporter/internal: what the packages of this project share and users do not need. Changes without notice.
export { exportName } from '../c/export-name.js';
export { EXPORT_TARGET_NAMES } from '../c/export-targets.js';
export { memoryText } from '../c/static-memory.js';
export { withDistinctPaths } from '../distinct-paths.js';
export { allFloatLogits } from '../float/float-logits.js';
export { graphPreprocessing } from '../float/preprocessing.js';
export { rawReadingOf, rawValues, type StandardizedColumns } from '../float/raw-values.js';
export {
  MAX_HEADER_CHARACTERS,
  MAX_ONNX_BYTES,
  MAX_ONNX_DEPTH,
  MAX_ONNX_ELEMENTS,
  MAX_ONNX_MESSAGES,
  MAX_ONNX_NODES,
  MAX_ONNX_NUMBERS,
} from '../limits.js';
export { leftOutText } from '../onnx/export/left-out.js';
export { type GraphEnds, graphEnds } from '../onnx/import/graph-ends.js';
export { inputLayout, openSampleShape } from '../onnx/import/input-layout.js';
export { OPSETS } from '../onnx/import/read-model.js';
export { evaluateOnnx } from '../onnx/ir/evaluate.js';
export { requireIntegerForm } from '../quantize/integer-form.js';
export { type StaticScalesReason, staticScalesReason } from '../quantize/quantize-trained.js';
export { renumberedAccuracy } from '../verify/preprocessing-scores.js';
