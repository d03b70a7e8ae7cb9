// The registry of features.
import type { FeatureDefinition } from '../feature.js';
import { type Bands, bands } from './bands.js';
import { crossings } from './crossings.js';
import { deviation } from './deviation.js';
import { maximum } from './maximum.js';
import { mean } from './mean.js';
import { minimum } from './minimum.js';
import { rms } from './rms.js';

/** Every kind of feature by the `type` of its entries. */
export const FEATURES = { mean, deviation, minimum, maximum, crossings, rms, bands } as const;
export type FeatureType = keyof typeof FEATURES;

/** An entry of a front end: a feature that each frame of each channel has. */
export type Feature = { readonly type: Exclude<FeatureType, 'bands'> } | Bands;

/** The definition of a feature. */
export function featureOf({ type }: Feature): FeatureDefinition<Feature> {
  return FEATURES[type] as FeatureDefinition<Feature>;
}
