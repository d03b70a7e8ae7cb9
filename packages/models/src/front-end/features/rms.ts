// rms of a frame.
import type { FeatureDefinition } from '../feature.js';
import { rootMeanSquare } from '../integer-math.js';

export const rms: FeatureDefinition = {
  number: 5,
  meaning: '16 times the root of the mean square of x',
  fields: {},
  names: () => ['rms'],
  compute: (_, x) => [rootMeanSquare(x, 0)],
};
