// Symmetric uniform formats: levels at ±0.5, ±1.5, … without a zero; the integer weights are the odd numbers (level · 2).
import type { FormatName, Packing, WeightFormat } from '../format.js';
import { bitPacking, radixPacking } from './packing.js';

function symmetric(name: FormatName, levelCount: number, packing: Packing, description: string): WeightFormat {
  const half = levelCount / 2;
  const levels = Float64Array.from({ length: levelCount }, (_, code) => code - half + 0.5);
  return {
    name,
    description,
    levels,
    integers: Int16Array.from(levels, (level) => level * 2),
    integerScale: 2,
    scaleNumerator: half,
    meanScaled: false,
    encoding: { kind: 'uniform', offset: 0.5, min: -half, max: half - 1 },
    packing,
  };
}

export const twoBitSymmetric = symmetric('2bitsym', 4, bitPacking(2), 'Four symmetric levels ±0.5, ±1.5 in 2 bits.');

export const fourBitSymmetric = symmetric(
  '4bitsym',
  16,
  bitPacking(4),
  'Sixteen symmetric levels ±0.5 … ±7.5 in 4 bits.',
);

export const fourPointSixBit = symmetric(
  '4.6bit',
  24,
  radixPacking(24, 5, 23),
  'Twenty-four symmetric levels ±0.5 … ±11.5, five weights in 23 bits.',
);

export const fiveBitSymmetric = symmetric(
  '5bitsym',
  32,
  bitPacking(5),
  'Thirty-two symmetric levels ±0.5 … ±15.5 in 5 bits.',
);
