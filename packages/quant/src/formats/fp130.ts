// FP130: floating point with 1 sign, 3 exponent and 0 mantissa bits, so that a multiplication is a shift.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';

const MAX_EXPONENT = 7;

function powersOfTwo(): Float64Array {
  const powers = Array.from({ length: MAX_EXPONENT + 1 }, (_, exponent) => 2 ** exponent);
  return Float64Array.from([...powers.map((power) => -power).reverse(), ...powers]);
}

export const fp130 = defineFormat({
  name: 'FP130',
  description: '±2^0 … ±2^7 in 4 bits: sign and 3-bit exponent, a multiplication is a shift.',
  levels: powersOfTwo(),
  integers: Int16Array.from(powersOfTwo()),
  integerScale: 1,
  scaleNumerator: 2 ** MAX_EXPONENT,
  meanScaled: false,
  encoding: { kind: 'power-of-two', maxExponent: MAX_EXPONENT },
  packing: bitPacking(4),
  kernel: { name: 'fp130', number: 7 },
  fast: {
    nomul: { number: 23, technique: 'lookup', layout: [{ bits: 4, lowest: 0 }] },
    avr: { number: 55, technique: 'lookup', layout: [{ bits: 4, lowest: 0 }] },
  },
  header: { bitPerWeight: 20, field: 'sign-magnitude' },
  examples: {
    encoding: [
      [-1000, -128],
      [-128, -128],
      [-127.9, -64],
      [-3, -2],
      [-2, -2],
      [-1.99, -1],
      [-0.1, -1],
      [0, 1],
      [0.3, 1],
      [1.99, 1],
      [2, 2],
      [64, 64],
      [127.9, 64],
      [128, 128],
      [1000, 128],
    ],
    packing: { codes: [0, 7, 8, 15], integers: [-128, -1, 1, 128], bytes: [0x70, 0xf8] },
  },
});
