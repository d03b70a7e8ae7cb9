// Four symmetric levels.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { symmetric } from '../format-parts/symmetric.js';

export const twoBitSymmetric = defineFormat({
  name: '2bitsym',
  description: 'Four symmetric levels ±0.5, ±1.5 in 2 bits.',
  ...symmetric(4),
  packing: bitPacking(2),
  kernel: { name: '2bitsym', number: 2 },
  fast: {
    nomul: { number: 18, technique: 'rows', layout: 'rows' },
    mul: { number: 34, technique: 'products', layout: [{ bits: 2, lowest: 0 }] },
    avr: {
      number: 50,
      technique: 'sums',
      layout: [
        { bits: 1, lowest: 0 },
        { bits: 1, lowest: 1 },
      ],
    },
  },
  header: { bitPerWeight: 2, field: 'sign-magnitude' },
  examples: {
    // round(u − ½) + ½, ties of u − ½ to even: 0 and 1 are ties (−0.5 → 0, 0.5 → 0), −1 → −2 + ½, 2 → 2 + ½ clipped.
    encoding: [
      [-9, -1.5],
      [-1, -1.5],
      [-0.99, -0.5],
      [-0.01, -0.5],
      [0, 0.5],
      [1, 0.5],
      [1.01, 1.5],
      [9, 1.5],
    ],
    packing: { codes: [3, 0, 1, 2, 1], integers: [3, -3, -1, 1, -1], bytes: [0b10_01_00_11, 0b01] },
  },
});
