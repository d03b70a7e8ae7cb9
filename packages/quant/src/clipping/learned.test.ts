// The clip gradient against a finite difference of the straight-through function itself.
import { describe, expect, it } from 'vitest';
import { randomWeights } from '../__fixtures__/random-weights.js';
import { quantizeWeights } from '../quantize.js';
import { FORMAT_NAMES, formats } from '../registry.js';
import { inverseScalesFromClips } from '../scale.js';
import { clipGradient, clipGradientFactor } from './learned.js';

/** Those whose codes depend on the scalar: the sign of a weight does not. */
const learnable = FORMAT_NAMES.filter((name) => formats[name].encoding.kind !== 'sign');
const refusal = (code: string) => expect.objectContaining({ name: 'QuantError', code });

describe.each(learnable)('%s', (name) => {
  it('is the derivative of Σ g·ŵ with the rounding residue held constant', () => {
    const { levels, scaleNumerator: numerator } = formats[name];
    const lowest = levels[0]!;
    const highest = levels[levels.length - 1]!;
    const outputs = 3;
    const weights = randomWeights('laplace', outputs * 200, 31);
    const gradients = randomWeights('normal', outputs * 200, 32);
    const clips = Float32Array.of(1, 2.5, 6);
    const { codes } = quantizeWeights(name, weights, { outputs, inverseScales: inverseScalesFromClips(name, clips) });

    // ŵ(s) = (clip(w·N/s) + residue)·s/N: what backpropagation sees when rounding has derivative 1 and clipping 0.
    const loss = (output: number, s: number) => {
      let sum = 0;
      for (let i = 200 * output; i < 200 * (output + 1); i++) {
        const clipped = (x: number) => Math.min(Math.max((weights[i]! * numerator) / x, lowest), highest);
        const residue = levels[codes[i]!]! - clipped(clips[output]!);
        sum += (gradients[i]! * (clipped(s) + residue) * s) / numerator;
      }
      return sum;
    };
    const analytic = clipGradient(name, weights, codes, gradients, { outputs, clips });
    clips.forEach((s, output) => {
      const h = 1e-7 * s;
      const numeric = (loss(output, s + h) - loss(output, s - h)) / (2 * h);
      expect(Math.abs(analytic[output]! - numeric)).toBeLessThan(1e-4 * Math.max(1, Math.abs(numeric)));
    });
  });
});

describe('clipGradient', () => {
  it('gives hand-worked values', () => {
    // 4bit, s = 8: u = w. 2.25 → 2: (2 − 2.25)/8; 9 → clipped to 7: 7/8; −9 → −8: −8/8. Weighted 1, 10, 100.
    const [gradient] = clipGradient('4bit', [2.25, 9, -9], [10, 15, 0], [1, 10, 100], { clips: [8] });
    expect(gradient).toBeCloseTo(-0.03125 + 8.75 - 100, 5);
  });

  it('refuses formats whose codes are signs, and wrong lengths', () => {
    for (const name of ['Binary', 'BinarySym']) {
      expect(() => clipGradient(name, [1], [1], [1], { clips: [1] })).toThrow(refusal('invalid-option'));
    }
    expect(() => clipGradient('4bit', [1], [1, 2], [1], { clips: [1] })).toThrow(refusal('invalid-length'));
    expect(() => clipGradient('4bit', [1, 2], [1, 2], [1], { clips: [1] })).toThrow(refusal('invalid-length'));
    expect(() => clipGradient('4bit', [1], [1], [1], { clips: [1, 1] })).toThrow(refusal('invalid-length'));
    expect(() => clipGradient('4bit', [1], [16], [1], { clips: [1] })).toThrow(refusal('invalid-code'));
  });

  it("has Esser et al.'s normalization", () => {
    expect(clipGradientFactor('4bit', 700)).toBeCloseTo(1 / 70, 12);
  });
});
