// Raw samples: what they are, and how they become int8.

export { requireRawInput } from './check-raw-input.js';
export { roundToDecimals } from './decimal-rounding.js';
export { makeRawFeature } from './make-raw-feature.js';
export { countClamped, quantizeRaw, toRawIntegers } from './quantize-raw.js';
export { log2Fixed, quantizeRawValue } from './raw-arithmetic.js';
export {
  RAW_PREPROCESSING,
  RAW_SCALE,
  RAW_TYPE_RANGES,
  RAW_TYPES,
  type RawFeature,
  type RawInput,
  type RawType,
} from './raw-input.js';
