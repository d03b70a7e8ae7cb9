// Eight symmetric levels.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { symmetric } from '../format-parts/symmetric.js';

export const threeBitSymmetric = defineFormat({
  name: '3bitsym',
  description: 'Eight symmetric levels ±0.5 … ±3.5 in 3 bits: eight weights in three bytes.',
  ...symmetric(8),
  packing: bitPacking(3),
  kernel: { name: '3bitsym', number: 10 },
  fast: {
    nomul: { number: 26, technique: 'nibbles', layout: [{ bits: 3, lowest: 0 }] },
    mul: { number: 42, technique: 'products', layout: [{ bits: 3, lowest: 0 }] },
    rows: { number: 31, technique: 'rows', layout: 'rows' },
    avr: { number: 58, technique: 'sums', layout: [{ bits: 4, lowest: 0 }] },
  },
  coded: { number: 90, books: [[4, 4, 3, 2, 2, 3, 4, 4]] },
  examples: {
    // round(u − ½) + ½: 0 and 2 are ties that go up and down to even (−0.5 → 0, 1.5 → 2), −3 → −3.5 → −4, 3 → 2.5 → 2.
    encoding: [
      [-9, -3.5],
      [-3, -3.5],
      [-2, -1.5],
      [-0.01, -0.5],
      [0, 0.5],
      [1, 0.5],
      [1.01, 1.5],
      [2, 2.5],
      [3, 2.5],
      [3.01, 3.5],
      [9, 3.5],
    ],
    // 7 + 0·8 + 4·64 + 1·512 + 2·4096 + 3·2^15 + 5·2^18 + 6·2^21 = 0xd5a307; then 7 alone.
    packing: {
      codes: [7, 0, 4, 1, 2, 3, 5, 6, 7],
      integers: [7, -7, 1, -5, -3, -1, 3, 5, 7],
      bytes: [0x07, 0xa3, 0xd5, 0x07],
    },
  },
});
