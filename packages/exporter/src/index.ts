// @bitnetmcu/exporter: trained networks, ONNX and BitNetMCU headers to integer networks; integer networks to C and headers; verification.
export { parseBitnetmcuHeader, type ReadHeaderOptions } from './bitnetmcu/read-header.js';
export { writeBitnetmcuHeader } from './bitnetmcu/write-header.js';
export { type CExport, type CKernels, type ExportCOptions, type ExportedFile, exportC } from './c/export-c.js';
export {
  type Assembly,
  EXPORT_TARGETS,
  type ExportTarget,
  type ExportTargetName,
  findExportTarget,
} from './c/export-targets.js';
export type { ExportSizes } from './c/head-comment.js';
export type { RuntimeUse } from './c/runtime-calls.js';
export { ExporterError, type ExporterErrorCode } from './errors.js';
export { type CompareOptions, compareWithFloat, type FloatComparison, type WorstImage } from './float/compare.js';
export type { FloatReference, OutputActivation } from './float/float-reference.js';
export type { FormatChoice } from './float/layer-codes.js';
export type { TrainedNetworkOptions } from './float/trained-network-of.js';
export { UnsupportedGraphError, type UnsupportedNode } from './float/unsupported.js';
export { type ExportOnnxOptions, exportOnnx, type OnnxExport } from './onnx/export/export-onnx.js';
export type { ExternalLocation, ExternalReader } from './onnx/import/external-data.js';
export { onnxReference } from './onnx/import/onnx-reference.js';
export { type OperatorSupport, onnxOperatorSupport } from './onnx/import/operator-support.js';
export { readOnnx } from './onnx/import/read-model.js';
export { type ToTrainedNetworkOptions, toTrainedNetwork } from './onnx/import/to-trained-network.js';
export type { AttributeValue, OnnxGraph, OnnxNode, OnnxValue } from './onnx/ir/graph.js';
export type { DataType, Tensor, TensorData } from './onnx/ir/tensor.js';
export type {
  Calibration,
  QuantizeFloatOptions,
  QuantizeGraphOptions,
  QuantizeNetworkOptions,
  QuantizeOptions,
} from './quantize/options.js';
export type { LayerReport, QuantizationReport, Quantized } from './quantize/report.js';
export { quantize } from './quantize.js';
export { type Alternative, type Assessment, type AssessOptions, assess } from './verify/assess.js';
export type { AssessmentIssue, AssessmentWarning } from './verify/assess-warnings.js';
export { type PreprocessingScore, preprocessingScores } from './verify/preprocessing-scores.js';
export {
  type BackendResult,
  type Difference,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyResult,
  verify,
} from './verify/verify.js';
