// FP130: floating point with 1 sign, 3 exponent and 0 mantissa bits, so that a multiplication is a shift.
import type { WeightFormat } from '../format.js';
import { bitPacking } from './packing.js';

const MAX_EXPONENT = 7;

function powersOfTwo(): Float64Array {
  const powers = Array.from({ length: MAX_EXPONENT + 1 }, (_, exponent) => 2 ** exponent);
  return Float64Array.from([...powers.map((power) => -power).reverse(), ...powers]);
}

export const fp130: WeightFormat = {
  name: 'FP130',
  description: '±2^0 … ±2^7 in 4 bits: sign and 3-bit exponent, a multiplication is a shift.',
  levels: powersOfTwo(),
  integers: Int16Array.from(powersOfTwo()),
  integerScale: 1,
  scaleNumerator: 2 ** MAX_EXPONENT,
  meanScaled: false,
  encoding: { kind: 'power-of-two', maxExponent: MAX_EXPONENT },
  packing: bitPacking(4),
};
