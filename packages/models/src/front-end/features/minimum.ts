// minimum of a frame.
import type { FeatureDefinition } from '../feature.js';

export const minimum: FeatureDefinition = {
  number: 2,
  meaning: 'the least x',
  fields: {},
  names: () => ['minimum'],
  compute: (_, x) => [x.reduce((least, value) => Math.min(least, value))],
};
