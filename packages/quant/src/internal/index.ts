// @bitnetmcu/quant/internal: what the packages of this project share and users do not need. Changes without notice.
export { clipGradient, clipGradientFactor } from '../clipping/learned.js';
export { limitClip, meanMagnitude } from '../clipping/policy.js';
export { powerOfTwoClips } from '../clipping/power-of-two.js';
export { hasLearnedClip, learnsClip } from '../clipping/registry.js';
export { codeEntropy } from '../code-statistics.js';
export { roundHalfEven } from '../encode.js';
export {
  type LearnedBitsWeights,
  MOST_LEARNED_BITS,
  quantizeLearnedBits,
  symmetricBits,
  symmetricFormat,
  wholeBits,
} from '../learned-bits.js';
export { nearestName, unknownName } from '../nearest-name.js';
export { packedRowBytes } from '../packing.js';
export { atan2, cos, exp2, logarithm2, sin, tan, wholePower } from '../portable-math.js';
export { MAX_CLIP, MIN_CLIP, scaleOfInverse } from '../scale.js';
export { unknownMember } from '../unknown-member.js';
export { formatsWithZero, zeroCode } from '../zero-code.js';
