// maximum of a frame.
import type { FeatureDefinition } from '../feature.js';

export const maximum: FeatureDefinition = {
  number: 3,
  meaning: 'the largest x',
  fields: {},
  names: () => ['maximum'],
  compute: (_, x) => [x.reduce((most, value) => Math.max(most, value))],
};
