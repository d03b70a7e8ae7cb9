export { type Encoder, encoderOf, roundHalfEven } from './encode.js';
export { QuantError, type QuantErrorCode } from './errors.js';
export { type Encoding, FORMAT_NAMES, type FormatName, type Packing, type WeightFormat } from './format.js';
export { nearestName } from './nearest-name.js';
export { bitsPerWeight, packCodes, packedRowBytes, unpackCodes } from './packing.js';
export {
  dequantizeCodes,
  integerWeights,
  type QuantizedTensor,
  quantizeWeights,
  type ScaledShape,
} from './quantize.js';
export { formats, getFormat, isFormatName } from './registry.js';
export { MAX_CLIP, MIN_CLIP, type Scaling, scalesFromClips, stepOfScale } from './scale.js';
