// deviation of a frame.
import type { FeatureDefinition } from '../feature.js';
import { integerMean, rootMeanSquare } from '../integer-math.js';

export const deviation: FeatureDefinition = {
  number: 1,
  meaning: '16 times the root of the mean square of x − mean',
  fields: {},
  names: () => ['deviation'],
  compute: (_, x) => [rootMeanSquare(x, integerMean(x))],
};
