// Ternary weights −1, 0, 1 scaled by mean|w| ("BitNet b1.58", Ma et al. 2024, arXiv:2402.17764); five trits in a byte.

import { defineFormat } from '../define-format.js';
import { radixPacking } from '../format-parts/packing.js';

export const ternary = defineFormat({
  name: 'Ternary',
  description: '−1, 0, 1 in 1.6 bits: five trits in a byte.',
  levels: Float64Array.of(-1, 0, 1),
  integers: Int16Array.of(-1, 0, 1),
  integerScale: 1,
  scaleNumerator: 1,
  meanScaled: true,
  encoding: { kind: 'uniform', offset: 0, min: -1, max: 1 },
  packing: radixPacking(3, 5, 8),
  kernel: { name: 'ternary', number: 1 },
  fast: {
    nomul: { number: 17, technique: 'trits', layout: 'rows' },
    mul: { number: 33, technique: 'products', layout: [{ bits: 2, lowest: 0 }] },
    avr: {
      number: 49,
      technique: 'sums',
      layout: [
        { bits: 1, lowest: 0 },
        { bits: 1, lowest: 1 },
      ],
    },
    list: 'ternary',
  },
  coded: { number: 81, books: [[2, 1, 2]] },
  header: { bitPerWeight: 64, field: 'trits' },
  examples: {
    encoding: [
      [-9, -1],
      [-0.51, -1],
      [-0.5, 0],
      [0, 0],
      [0.5, 0],
      [0.51, 1],
      [9, 1],
    ],
    // 20121 in base 3 is 178: ⌈178·256/243⌉ = ⌈187.52⌉ = 188. 0 alone is padded to 00000.
    packing: { codes: [2, 0, 1, 2, 1, 0], integers: [1, -1, 0, 1, 0, -1], bytes: [188, 0] },
  },
});
