// Twenty-four symmetric levels: five weights in 23 bits, because 24^5 is a little less than 2^23.

import { defineFormat } from '../define-format.js';
import { radixPacking } from '../format-parts/packing.js';
import { symmetric } from '../format-parts/symmetric.js';

export const fourPointSixBit = defineFormat({
  name: '4.6bit',
  description: 'Twenty-four symmetric levels ±0.5 … ±11.5, five weights in 23 bits.',
  ...symmetric(24),
  packing: radixPacking(24, 5, 23),
  kernel: { name: '4p6bit', number: 5 },
  fast: {
    nomul: {
      number: 21,
      technique: 'bits',
      layout: [
        { bits: 4, lowest: 0 },
        { bits: 1, lowest: 4 },
      ],
    },
    rows: { number: 29, technique: 'rows', layout: 'rows' },
    avr: {
      number: 53,
      technique: 'sums',
      layout: [
        { bits: 4, lowest: 0 },
        { bits: 1, lowest: 4 },
      ],
    },
  },
  examples: {
    encoding: [
      [-99, -11.5],
      [-11, -11.5],
      [0, 0.5],
      [10.9, 10.5],
      [11, 10.5],
      [11.1, 11.5],
      [99, 11.5],
    ],
    // 23 0 12 5 1 in base 24 is 7637881: ⌈7637881·2^23/24^5⌉ = 0x7ac79c. 7 is padded to 7 0 0 0 0: 0x255556 in the next 23 bits.
    packing: {
      codes: [23, 0, 12, 5, 1, 7],
      integers: [23, -23, 1, -13, -21, -9],
      bytes: [0x9c, 0xc7, 0x7a, 0xab, 0xaa, 0x12],
    },
  },
});
