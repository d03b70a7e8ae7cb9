// Features of signals in integers.
export { requireFrontEnd } from './check-front-end.js';
export { computeFrame, computeFrontEnd } from './compute-front-end.js';
export { designBiquad, type MelRange, melBands, powerBands } from './design.js';
export { type Band, MAX_BAND_WEIGHT, powerShift } from './features/bands.js';
export { FEATURES, type Feature, type FeatureType, featureOf } from './features/index.js';
export { type Biquad, COEFFICIENT_BITS, type Filter } from './filters/index.js';
export {
  channelNames,
  copyFrame,
  type FrontEnd,
  featureNames,
  frontEndSchema,
  frontEndShape,
  MAX_CHANNELS,
  windowOf,
} from './front-end.js';
export { QUARTER_SINE } from './power-spectrum.js';
