// Sixteen symmetric levels.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { symmetric } from '../format-parts/symmetric.js';

export const fourBitSymmetric = defineFormat({
  name: '4bitsym',
  description: 'Sixteen symmetric levels ±0.5 … ±7.5 in 4 bits.',
  ...symmetric(16),
  packing: bitPacking(4),
  kernel: { name: '4bitsym', number: 3 },
  fast: {
    nomul: { number: 19, technique: 'nibbles', layout: [{ bits: 4, lowest: 0 }] },
    mul: { number: 35, technique: 'products', layout: [{ bits: 4, lowest: 0 }] },
    avr: { number: 51, technique: 'sums', layout: [{ bits: 4, lowest: 0 }] },
  },
  coded: {
    number: 83,
    books: [
      [5, 5, 5, 5, 5, 5, 4, 2, 2, 4, 5, 5, 5, 5, 5, 5],
      [5, 5, 5, 5, 4, 4, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5],
    ],
  },
  header: { bitPerWeight: 4, field: 'sign-magnitude' },
  examples: {
    encoding: [
      [-99, -7.5],
      [-7, -7.5],
      [-6, -5.5],
      [0, 0.5],
      [1, 0.5],
      [2, 2.5],
      [3, 2.5],
      [6.6, 6.5],
      [99, 7.5],
    ],
    packing: { codes: [15, 0, 8], integers: [15, -15, 1], bytes: [0x0f, 0x08] },
  },
});
