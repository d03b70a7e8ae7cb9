// @bitnetmcu/exporter: trained networks, ONNX and BitNetMCU headers to integer networks; integer networks to C and headers; verification.
export { parseBitnetmcuHeader, type ReadHeaderOptions } from './bitnetmcu/read-header.js';
export { writeBitnetmcuHeader } from './bitnetmcu/write-header.js';
export { type CExport, type ExportCOptions, type ExportedFile, exportC } from './c/export-c.js';
export type { ExportSizes } from './c/head-comment.js';
export { ExporterError, type ExporterErrorCode } from './errors.js';
export { type ExportOnnxOptions, exportOnnx, type OnnxExport } from './onnx/export/export-onnx.js';
export { type QuantizeOptions, quantizeNetwork } from './quantize/quantize-network.js';
export {
  type BackendResult,
  type Difference,
  type NamedModel,
  type VerifyOptions,
  type VerifyProgress,
  type VerifyResult,
  verify,
  verifyLoaded,
} from './verify/verify.js';
