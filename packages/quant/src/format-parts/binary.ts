// Binary formats: the sign of the weight, scaled by mean|w| (Rastegari et al. 2016, arXiv:1603.05279). They differ in how they encode.
import { bitPacking } from './packing.js';

/** What the records of both say. */
export const binaryLevels = {
  levels: Float64Array.of(-1, 1),
  integers: Int16Array.of(-1, 1),
  integerScale: 1,
  scaleNumerator: 1,
  meanScaled: true,
  packing: bitPacking(1),
  kernel: { name: 'binary', number: 0 },
  fast: {
    nomul: { number: 16, technique: 'subsets', layout: 'halfwords' },
    avr: { number: 48, technique: 'sums', layout: [{ bits: 1, lowest: 0 }] },
  },
  header: { bitPerWeight: 1, field: 'ascending' },
} as const;

/** Eight weights in a byte, the first in bit 0: 1000 1101 from the lowest bit on is 0xB1. */
export const binaryPackingExample = {
  codes: [1, 0, 0, 0, 1, 1, 0, 1, 0, 1],
  integers: [1, -1, -1, -1, 1, 1, -1, 1, -1, 1],
  bytes: [0xb1, 0x02],
};
