// @bitnetmcu/quant.
export { BitnetmcuError } from './bitnetmcu-error.js';
export { octav } from './clipping/octav.js';
export type { ClippingPolicy, ClipRequest } from './clipping/policy.js';
export { type ClippingSpec, clippingPolicy } from './clipping/registry.js';
export { type ClipUpdate, updateClips } from './clipping/update.js';
export { type CodeStatistics, codeStatistics } from './code-statistics.js';
export { defineFormat } from './define-format.js';
export { QuantError, type QuantErrorCode } from './errors.js';
export type {
  CodePart,
  Encoding,
  FastKernel,
  FastKernels,
  FormatExamples,
  FormatRecord,
  HeaderCode,
  Packing,
  PlainKernel,
} from './format-record.js';
export { bitsPerWeight, packCodes, unpackCodes } from './packing.js';
export {
  dequantizeCodes,
  integerWeights,
  type QuantizedTensor,
  quantizeWeights,
  type ScaledShape,
} from './quantize.js';
export { FORMAT_NAMES, type FormatName, formats, getFormat, type WeightFormat } from './registry.js';
export { inverseScalesFromClips, type Scaling } from './scale.js';
export { meanSquaredError } from './squared-error.js';
