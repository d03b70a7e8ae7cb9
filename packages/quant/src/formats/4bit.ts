// Sixteen integers with a zero.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { twosComplement } from '../format-parts/twos-complement.js';

export const fourBit = defineFormat({
  name: '4bit',
  description: 'Sixteen integers −8 … 7 in 4 bits.',
  ...twosComplement(4),
  packing: bitPacking(4),
  kernel: { name: '4bit', number: 4 },
  fast: {
    nomul: { number: 20, technique: 'nibbles', layout: [{ bits: 4, lowest: 0 }] },
    mul: { number: 36, technique: 'products', layout: [{ bits: 4, lowest: 0 }] },
    avr: { number: 52, technique: 'sums', layout: [{ bits: 4, lowest: 0 }] },
  },
  header: { bitPerWeight: 12, field: "two's complement" },
  examples: {
    encoding: [
      [-99, -8],
      [-7.5, -8],
      [-6.5, -6],
      [-0.5, 0],
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [7.4, 7],
      [99, 7],
    ],
    packing: { codes: [15, 0, 8], integers: [7, -8, 0], bytes: [0x0f, 0x08] },
  },
});
