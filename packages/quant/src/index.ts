export { BitnetmcuError } from './bitnetmcu-error.js';
export { weightCentre } from './centre.js';
export { decayingClip } from './clipping/decaying.js';
export { fixedClip } from './clipping/fixed.js';
export { frozenFrom } from './clipping/freeze.js';
export { type ClipGradientShape, clipGradient, clipGradientFactor, learnedClip } from './clipping/learned.js';
export { leastSquaredErrorClip } from './clipping/least-squared-error.js';
export { type ClippingNoise, formatNoise, octav, octavClip, paperNoise } from './clipping/octav.js';
export { type ClippingPolicy, type ClipRequest, limitClip, meanMagnitude } from './clipping/policy.js';
export { MAX_OUTPUT_SHIFT, type PowerOfTwoClips, powerOfTwoClips } from './clipping/power-of-two.js';
export { proportionalClip } from './clipping/proportional.js';
export {
  type ClippingMethod,
  type ClippingSpec,
  clippingMethods,
  clippingPolicy,
  hasLearnedClip,
  learnsClip,
} from './clipping/registry.js';
export { type ClipUpdate, updateClips } from './clipping/update.js';
export { type CodeStatistics, codeEntropy, codeStatistics } from './code-statistics.js';
export { type Encoder, encoderOf, roundHalfEven } from './encode.js';
export { QuantError, type QuantErrorCode } from './errors.js';
export {
  type CodePart,
  defineFormat,
  type Encoding,
  type FastKernel,
  type FastKernels,
  type FormatExamples,
  type FormatRecord,
  type HeaderCode,
  type Packing,
  type PlainKernel,
} from './format-record.js';
export { nearestName, unknownName } from './nearest-name.js';
export { bitsPerWeight, packCodes, packedRowBytes, unpackCodes } from './packing.js';
export {
  dequantizeCodes,
  integerWeights,
  type QuantizedTensor,
  quantizeWeights,
  type ScaledShape,
} from './quantize.js';
export { FORMAT_NAMES, type FormatName, formats, getFormat, isFormatName, type WeightFormat } from './registry.js';
export { inverseScalesFromClips, MAX_CLIP, MIN_CLIP, type Scaling, scaleOfInverse } from './scale.js';
export { meanSquaredError, squaredError } from './squared-error.js';
export { encodingThresholds } from './thresholds.js';
