// NF4: sixteen levels at quantiles of the normal distribution (Dettmers et al. 2023, arXiv:2305.14314), to four decimals.
import type { WeightFormat } from '../format.js';
import { bitPacking } from './packing.js';

/** Largest int8, so that the integer weights use the whole byte. */
const INTEGER_SCALE = 127;

const levels = Float64Array.of(
  ...[-1, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0],
  ...[0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.723, 1],
);

export const nf4: WeightFormat = {
  name: 'NF4',
  description: 'Sixteen NormalFloat levels in 4 bits; integer weights round(127 · level).',
  levels,
  integers: Int16Array.from(levels, (level) => Math.round(level * INTEGER_SCALE)),
  integerScale: INTEGER_SCALE,
  scaleNumerator: 1,
  meanScaled: false,
  encoding: { kind: 'nearest' },
  packing: bitPacking(4),
};
