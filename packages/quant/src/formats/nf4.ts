// NF4: sixteen levels at quantiles of the normal distribution (Dettmers et al. 2023, arXiv:2305.14314), to four decimals.

import { defineFormat } from '../define-format.js';
import { bitPacking } from '../format-parts/packing.js';

/** Largest int8, so that the integer weights use the whole byte. */
const INTEGER_SCALE = 127;

const levels = Float64Array.of(
  ...[-1, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0],
  ...[0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.723, 1],
);

export const nf4 = defineFormat({
  name: 'NF4',
  description: 'Sixteen NormalFloat levels in 4 bits; integer weights round(127 · level).',
  levels,
  integers: Int16Array.from(levels, (level) => Math.round(level * INTEGER_SCALE)),
  integerScale: INTEGER_SCALE,
  scaleNumerator: 1,
  meanScaled: false,
  encoding: { kind: 'nearest' },
  packing: bitPacking(4),
  kernel: { name: 'nf4', number: 8 },
  fast: {
    nomul: { number: 24, technique: 'lookup', layout: [{ bits: 4, lowest: 0 }] },
    avr: { number: 56, technique: 'lookup', layout: [{ bits: 4, lowest: 0 }] },
  },
  header: { bitPerWeight: 36, field: 'ascending' },
  examples: {
    // Middles: (−1 − 0.6962)/2 = −0.8481, (0 + 0.0796)/2 = 0.0398, (0.723 + 1)/2 = 0.8615.
    encoding: [
      [-9, -1],
      [-0.8482, -1],
      [-0.848, -0.6962],
      [-0.04, 0],
      [0.0397, 0],
      [0.0399, 0.0796],
      [0.8614, 0.723],
      [0.8616, 1],
      [9, 1],
    ],
    packing: { codes: [0, 7, 15, 8], integers: [-127, 0, 127, 10], bytes: [0x70, 0x8f] },
  },
});
