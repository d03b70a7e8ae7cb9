// ±1 around 0.

import { defineFormat } from '../define-format.js';
import { binaryLevels, binaryPackingExample } from '../format-parts/binary.js';

export const binarySymmetric = defineFormat({
  name: 'BinarySym',
  description: '±1 in 1 bit: the sign of the weight.',
  ...binaryLevels,
  encoding: { kind: 'sign', centred: false },
  examples: {
    encoding: [
      [-5, -1],
      [-1e-30, -1],
      [0, -1],
      [1e-30, 1],
      [5, 1],
    ],
    packing: binaryPackingExample,
  },
});
