// ±1 around the mean of the weights.

import { defineFormat } from '../define-format.js';
import { binaryLevels, binaryPackingExample } from '../format-parts/binary.js';

export const binary = defineFormat({
  name: 'Binary',
  description: '±1 in 1 bit: the sign of the weight minus the mean weight.',
  ...binaryLevels,
  encoding: { kind: 'sign', centred: true },
  examples: {
    // The mean of this column is 0, so centring changes nothing.
    encoding: [
      [-5, -1],
      [-0.125, -1],
      [0, -1],
      [0.125, 1],
      [5, 1],
    ],
    packing: binaryPackingExample,
  },
});
