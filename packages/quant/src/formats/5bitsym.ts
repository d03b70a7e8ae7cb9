// Thirty-two symmetric levels.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { symmetric } from '../format-parts/symmetric.js';

export const fiveBitSymmetric = defineFormat({
  name: '5bitsym',
  description: 'Thirty-two symmetric levels ±0.5 … ±15.5 in 5 bits.',
  ...symmetric(32),
  packing: bitPacking(5),
  kernel: { name: '5bitsym', number: 6 },
  fast: {
    nomul: {
      number: 22,
      technique: 'bits',
      layout: [
        { bits: 4, lowest: 0 },
        { bits: 1, lowest: 4 },
      ],
    },
    rows: { number: 30, technique: 'rows', layout: 'rows' },
    avr: {
      number: 54,
      technique: 'sums',
      layout: [
        { bits: 4, lowest: 0 },
        { bits: 1, lowest: 4 },
      ],
    },
  },
  examples: {
    encoding: [
      [-99, -15.5],
      [-15, -15.5],
      [-14, -13.5],
      [0, 0.5],
      [15, 14.5],
      [15.1, 15.5],
      [99, 15.5],
    ],
    // 31 + 16·2^10 = 0x401f.
    packing: { codes: [31, 0, 16], integers: [31, -31, 1], bytes: [0x1f, 0x40] },
  },
});
