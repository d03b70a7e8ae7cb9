// Two's complement uniform formats: consecutive integers with a zero and one more negative level than positive ones.
import type { FormatName, WeightFormat } from '../format.js';
import { bitPacking } from './packing.js';

function twosComplement(name: FormatName, bits: number, description: string): WeightFormat {
  const half = 2 ** (bits - 1);
  const levels = Float64Array.from({ length: 2 * half }, (_, code) => code - half);
  return {
    name,
    description,
    levels,
    integers: Int16Array.from(levels),
    integerScale: 1,
    scaleNumerator: half,
    meanScaled: false,
    encoding: { kind: 'uniform', offset: 0, min: -half, max: half - 1 },
    packing: bitPacking(bits),
  };
}

export const fourBit = twosComplement('4bit', 4, 'Sixteen integers −8 … 7 in 4 bits.');

export const eightBit = twosComplement('8bit', 8, 'The 256 integers −128 … 127 in 8 bits.');
