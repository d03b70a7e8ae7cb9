// OCTAV against brute force: on the modelled error it minimizes, and on the real squared error it stands for.
import { describe, expect, it } from 'vitest';
import { type Distribution, randomWeights } from '../__fixtures__/random-weights.js';
import { quantizeWeights } from '../quantize.js';
import { FORMAT_NAMES, type FormatName, formats } from '../registry.js';
import { inverseScalesFromClips } from '../scale.js';
import { squaredError } from '../squared-error.js';
import { type ClippingNoise, formatNoise, octav, octavClip, paperNoise, weightedOctav } from './octav.js';
import { updateClips } from './update.js';

const COUNT = 10_000;
const clipped = FORMAT_NAMES.filter((name) => !formats[name].meanScaled);
const uniformFormats = clipped.filter((name) => formats[name].encoding.kind === 'uniform');
const distributions: Distribution[] = ['normal', 'laplace', 'uniform'];

function realError(name: FormatName, weights: Float32Array, clip: number): number {
  const { dequantized } = quantizeWeights(name, weights, { inverseScales: inverseScalesFromClips(name, clip) });
  return squaredError(weights, dequantized);
}

function modelledError(weights: Float32Array, noise: ClippingNoise, s: number): number {
  let error = 0;
  for (const w of weights) {
    const limit = w > 0 ? noise.positiveLimit : noise.negativeLimit;
    const level = w > 0 ? noise.positiveLevel : noise.negativeLevel;
    error += Math.abs(w) > limit * s ? (Math.abs(w) - level * s) ** 2 : noise.rounding * s * s;
  }
  return error;
}

/** The s with the least error on a grid of 1 % from 0.05 to beyond every weight. */
function bruteForce(weights: Float32Array, error: (s: number) => number): { s: number; error: number } {
  const highest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  let best = { s: 0, error: Number.POSITIVE_INFINITY };
  for (let s = 0.05; s < 3 * highest; s *= 1.01) {
    const candidate = error(s);
    if (candidate < best.error) best = { s, error: candidate };
  }
  return best;
}

describe.each(distributions)('%s weights', (distribution) => {
  const weights = randomWeights(distribution, COUNT, 2206);

  it.each(uniformFormats.flatMap((name) => [1, 4, 1 / 4].map((weight) => [name, weight] as const)))(
    '%s: minimizes the modelled squared error, rounding counted %d times',
    (name, weight) => {
      const noise = formatNoise(formats[name], weight);
      const brute = bruteForce(weights, (s) => modelledError(weights, noise, s));
      expect(modelledError(weights, noise, octavClip(weights, noise))).toBeLessThanOrEqual(1.0005 * brute.error);
    },
  );

  it('clips more where rounding counts more', () => {
    const clipOf = (weight: number) => updateClips('4bitsym', weights, weightedOctav(weight))[0]!;
    expect(weightedOctav(1)({ format: formats['4bitsym'], weights, epoch: 0, current: undefined })).toBe(
      octav({ format: formats['4bitsym'], weights, epoch: 0, current: undefined }),
    );
    expect(clipOf(4)).toBeLessThan(clipOf(1));
    expect(clipOf(1)).toBeLessThan(clipOf(1 / 4));
  });

  it.each(uniformFormats)('%s: comes near the least real squared error', (name) => {
    const brute = bruteForce(weights, (s) => realError(name, weights, s));
    const [clip] = updateClips(name, weights, octav);
    // 8 bits have so little rounding error, and the uniform distribution so sharp an end, that few weights decide.
    const tolerance = name === '8bit' ? 1.02 : distribution === 'uniform' ? 1.01 : 1.005;
    expect(realError(name, weights, clip!)).toBeLessThanOrEqual(tolerance * brute.error);
  });
});

describe('octavClip', () => {
  const weights = randomWeights('normal', COUNT, 4);

  it("solves the paper's fixed-point equation", () => {
    // Sakr et al. equation 9: s = E[|w|·1(|w| > s)] / (4^−B/3·P(|w| ≤ s) + P(|w| > s)); a bracket of 10⁻⁴ around s must contain it.
    for (const bits of [2, 3, 4, 5, 6]) {
      const s = octavClip(weights, paperNoise(bits));
      const residual = (x: number) => {
        const clipped = [...weights].map(Math.abs).filter((magnitude) => magnitude > x);
        const sum = clipped.reduce((a, b) => a + b, 0);
        return x * ((4 ** -bits / 3) * (COUNT - clipped.length) + clipped.length) - sum;
      };
      expect(residual(s * 0.9999)).toBeLessThan(0);
      expect(residual(s * 1.0001)).toBeGreaterThan(0);
    }
  });

  it('agrees with the analytic solution for the Laplace distribution', () => {
    // E[|w|·1(|w| > s)] = (s + 1)e^−s and P(|w| > s) = e^−s turn the equation into e^−s = s·4^−B/3·(1 − e^−s).
    const quantiles = Float32Array.from({ length: 100_000 }, (_, i) => -Math.log((i + 0.5) / 100_000));
    for (const bits of [2, 3, 4, 5, 6]) {
      const difference = (s: number) => Math.exp(-s) - s * (4 ** -bits / 3) * (1 - Math.exp(-s));
      const s = octavClip(quantiles, paperNoise(bits));
      expect(difference(0.999 * s)).toBeGreaterThan(0);
      expect(difference(1.001 * s)).toBeLessThan(0);
    }
  });

  it('scales with the weights', () => {
    const noise = formatNoise(formats['4bitsym']);
    const s = octavClip(weights, noise);
    expect(
      octavClip(
        weights.map((w) => w * 2 ** 20),
        noise,
      ),
    ).toBeCloseTo(s * 2 ** 20, 1);
    expect(
      octavClip(
        weights.map((w) => w * 2 ** -60),
        noise,
      ) *
        2 ** 60,
    ).toBeCloseTo(s, 6);
  });

  it('is 0 for zeros and ends for one weight, equal weights and one outlier', () => {
    const noise = formatNoise(formats['4bitsym']);
    expect(octavClip(new Float32Array(100), noise)).toBe(0);
    // One weight: s where it just counts as in range.
    expect(octavClip(Float32Array.of(1), noise)).toBeCloseTo(1 / noise.positiveLimit, 6);
    expect(octavClip(new Float32Array(1000).fill(-0.25), noise)).toBeCloseTo(0.25 / noise.negativeLimit, 6);
    const outlier = new Float32Array(1000);
    outlier[500] = 3e38;
    const s = octavClip(outlier, noise);
    expect(s).toBeGreaterThan(0);
    expect(s).toBeLessThanOrEqual(3.3e38);
  });
});

describe('octav', () => {
  it.each<FormatName>(['NF4', 'FP130'])('%s: finds the least real squared error', (name) => {
    for (const distribution of distributions) {
      const weights = randomWeights(distribution, 5000, 6);
      const brute = bruteForce(weights, (s) => realError(name, weights, s));
      const [clip] = updateClips(name, weights, octav);
      expect(realError(name, weights, clip!)).toBeLessThanOrEqual(1.005 * brute.error);
    }
  });

  it.each(clipped)('%s: a single weight is represented exactly', (name) => {
    for (const w of [1, -1, 0.37, -1e-20, 1e20]) {
      const weights = Float32Array.of(w);
      const [clip] = updateClips(name, weights, octav);
      const { dequantized } = quantizeWeights(name, weights, { inverseScales: inverseScalesFromClips(name, clip!) });
      expect(dequantized[0]! / weights[0]!).toBeCloseTo(1, 5);
    }
  });

  it('finds the least real squared error of small tensors', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const weights = randomWeights('normal', 40, seed);
      const brute = bruteForce(weights, (s) => realError('4bitsym', weights, s));
      const [clip] = updateClips('4bitsym', weights, octav);
      expect(realError('4bitsym', weights, clip!)).toBeLessThanOrEqual(1.01 * brute.error);
    }
  });
});
