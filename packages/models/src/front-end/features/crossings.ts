// How often a frame crosses its mean.
import type { FeatureDefinition } from '../feature.js';
import { integerMean } from '../integer-math.js';

export const crossings: FeatureDefinition = {
  number: 4,
  meaning: 'how many i ≥ 1 have x[i] and x[i − 1] on different sides of the mean (below it, or not)',
  fields: {},
  names: () => ['crossings'],
  compute(_, x) {
    const mean = integerMean(x);
    return [x.reduce((count, value, i) => count + (i > 0 && value < mean !== x[i - 1]! < mean ? 1 : 0), 0)];
  },
};
