// Ternary weights −1, 0, 1 scaled by mean|w| ("BitNet b1.58", Ma et al. 2024, arXiv:2402.17764); five trits in a byte.
import type { WeightFormat } from '../format.js';
import { radixPacking } from './packing.js';

export const ternary: WeightFormat = {
  name: 'Ternary',
  description: '−1, 0, 1 in 1.6 bits: five trits in a byte.',
  levels: Float64Array.of(-1, 0, 1),
  integers: Int16Array.of(-1, 0, 1),
  integerScale: 1,
  scaleNumerator: 1,
  meanScaled: true,
  encoding: { kind: 'uniform', offset: 0, min: -1, max: 1 },
  packing: radixPacking(3, 5, 8),
};
