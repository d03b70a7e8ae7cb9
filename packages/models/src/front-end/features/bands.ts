// Logarithms of the power in bands of the spectrum of a frame: band powers, or log-mel where the weights are triangles on the mel scale.
import { z } from 'zod';
import { log2Fixed } from '../../raw-input/raw-arithmetic.js';
import type { FeatureDefinition } from '../feature.js';
import { bitLength } from '../integer-math.js';
import { MAX_POINTS, MIN_POINTS, powerSpectrum } from '../power-spectrum.js';

export const MAX_BANDS = 64;
export const MAX_BAND_WEIGHT = 15;

const bandSchema = z.strictObject({
  name: z.string().min(1).max(50),
  first: z
    .int()
    .min(0)
    .max(MAX_POINTS / 2 - 1)
    .describe('the bin of the first weight; bin k is k/points of the sample rate'),
  weights: z
    .array(z.int().min(0).max(MAX_BAND_WEIGHT))
    .min(1)
    .max(MAX_POINTS / 2),
});
export type Band = z.infer<typeof bandSchema>;

export interface Bands {
  readonly type: 'bands';
  readonly bands: readonly Band[];
}

/** Bits that every power loses so that no band's sum leaves 32 bits: 4·|X|² · 15 · bins / 2^shift < 2³². */
export function powerShift(bands: readonly Band[]): number {
  return 4 + bitLength(Math.max(...bands.map(({ weights }) => weights.length)) - 1);
}

export const bands: FeatureDefinition<Bands> = {
  number: 6,
  meaning:
    'for each band log2(1 + Σ weight · (power >> s)) + 256 · (s + 2 · exponent); s = 4 + the bit length of (bins of the widest band − 1)',
  fields: { bands: z.array(bandSchema).min(1).max(MAX_BANDS) },
  names: (feature) => feature.bands.map(({ name }) => name),
  fault({ bands }, frame) {
    if (frame < MIN_POINTS || frame > MAX_POINTS || bitLength(frame) === bitLength(frame - 1))
      return `a spectrum is of ${MIN_POINTS} … ${MAX_POINTS} values, a power of two; the frame has ${frame}`;
    const beyond = bands.find(({ first, weights }) => first + weights.length > frame / 2);
    return beyond && `its band ${beyond.name} reaches beyond bin ${frame / 2 - 1}`;
  },
  compute({ bands }, x) {
    const { powers, exponent } = powerSpectrum(x);
    const shift = powerShift(bands);
    return bands.map(({ first, weights }) => {
      const sum = weights.reduce((total, weight, i) => total + weight * (powers[first + i]! >>> shift), 0);
      return log2Fixed(sum + 1) + 256 * (shift + 2 * exponent);
    });
  },
};
