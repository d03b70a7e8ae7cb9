// The integers of a byte.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';
import { twosComplement } from '../format-parts/twos-complement.js';

const NIBBLES = [
  { bits: 4, lowest: 0 },
  { bits: 4, lowest: 4 },
] as const;

export const eightBit = defineFormat({
  name: '8bit',
  description: 'The 256 integers −128 … 127 in 8 bits.',
  ...twosComplement(8),
  packing: bitPacking(8),
  kernel: { name: '8bit', number: 9 },
  fast: {
    nomul: { number: 25, technique: 'nibbles', layout: NIBBLES },
    mul: { number: 41, technique: 'products', layout: NIBBLES },
    avr: {
      number: 57,
      technique: 'sums',
      layout: [
        { bits: 4, lowest: 0 },
        { bits: 4, lowest: 4 },
      ],
    },
  },
  header: { bitPerWeight: 16, field: "two's complement" },
  examples: {
    encoding: [
      [-999, -128],
      [-127.5, -128],
      [-126.5, -126],
      [0.5, 0],
      [1.5, 2],
      [126.5, 126],
      [127.4, 127],
      [999, 127],
    ],
    packing: { codes: [0, 128, 255], integers: [-128, 0, 127], bytes: [0, 128, 255] },
  },
});
