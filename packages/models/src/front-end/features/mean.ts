// mean of a frame.
import type { FeatureDefinition } from '../feature.js';
import { integerMean } from '../integer-math.js';

export const mean: FeatureDefinition = {
  number: 0,
  meaning: '⌊(Σx + ⌊n/2⌋)/n⌋',
  fields: {},
  names: () => ['mean'],
  compute: (_, x) => [integerMean(x)],
};
