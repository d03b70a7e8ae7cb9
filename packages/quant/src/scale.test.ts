import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseScalesFromClips, MAX_CLIP, MIN_CLIP, scaleOfInverse } from './scale.js';

describe('inverseScalesFromClips', () => {
  it('is numerator / s in float32', () => {
    expect([...inverseScalesFromClips('4bitsym', [2, 0.5])]).toEqual([4, 16]);
    expect([...inverseScalesFromClips('FP130', 2)]).toEqual([64]);
    expect([...inverseScalesFromClips('4.6bit', 3)]).toEqual([4]);
    expect([...inverseScalesFromClips('NF4', 0.3)]).toEqual([Math.fround(1 / Math.fround(0.3))]);
  });

  it('refuses what would leave float32', () => {
    for (const clip of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, MIN_CLIP / 2, MAX_CLIP * 2]) {
      expect(() => inverseScalesFromClips('8bit', clip)).toThrow(expect.objectContaining({ code: 'invalid-clip' }));
    }
    for (const clip of [MIN_CLIP, MAX_CLIP])
      expect(Number.isFinite(inverseScalesFromClips('8bit', clip)[0])).toBe(true);
  });
});

describe('scaleOfInverse', () => {
  it('is the reciprocal within one unit in the last place, and step·scale is at least 1 in float32', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: 2 ** -100, max: 2 ** 107 }), (scale) => {
        const step = scaleOfInverse(scale);
        expect(Math.fround(step * scale)).toBeGreaterThanOrEqual(1);
        expect(Math.abs(step * scale - 1)).toBeLessThan(2 ** -22);
      }),
      { seed: 8, numRuns: 2000 },
    );
  });
});
