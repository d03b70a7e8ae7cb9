// Binary formats: the sign of the weight, scaled by mean|w| (Rastegari et al. 2016, arXiv:1603.05279).
import type { FormatName, WeightFormat } from '../format.js';
import { bitPacking } from './packing.js';

function binaryFormat(name: FormatName, centred: boolean, description: string): WeightFormat {
  return {
    name,
    description,
    levels: Float64Array.of(-1, 1),
    integers: Int16Array.of(-1, 1),
    integerScale: 1,
    scaleNumerator: 1,
    meanScaled: true,
    encoding: { kind: 'sign', centred },
    packing: bitPacking(1),
  };
}

export const binary = binaryFormat('Binary', true, '±1 in 1 bit: the sign of the weight minus the mean weight.');

export const binarySymmetric = binaryFormat('BinarySym', false, '±1 in 1 bit: the sign of the weight.');
