import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_CLIP } from '../scale.js';
import { MAX_OUTPUT_SHIFT, powerOfTwoClips } from './power-of-two.js';

const clip = fc.float({ noNaN: true, min: Math.fround(1e-6), max: 1e6 });

describe('powerOfTwoClips', () => {
  it('leaves scalars that are powers of two apart as they are', () => {
    const { clips, shifts } = powerOfTwoClips([0.3, 1.2, 0.6, 0.3].map(Math.fround));
    expect([...clips]).toEqual([0.3, 1.2, 0.6, 0.3].map(Math.fround));
    expect([...shifts]).toEqual([0, 2, 1, 0]);
  });

  it('rounds in the logarithm, within half an octave of where the range allows', () => {
    fc.assert(
      fc.property(fc.array(clip, { minLength: 1, maxLength: 40 }), (wanted) => {
        const { clips, shifts } = powerOfTwoClips(wanted);
        const highest = Math.max(...wanted);
        wanted.forEach((s, output) => {
          if (s > highest / 2 ** (MAX_OUTPUT_SHIFT - 1)) {
            expect(Math.abs(Math.log2(clips[output]! / s))).toBeLessThanOrEqual(0.5 + 1e-6);
          }
          expect(shifts[output]).toBeLessThanOrEqual(MAX_OUTPUT_SHIFT);
          expect(clips[output]! / clips[0]!).toBe(2 ** (shifts[output]! - shifts[0]!));
        });
        expect(Math.min(...shifts)).toBe(0);
        expect(powerOfTwoClips(clips).clips).toEqual(clips);
        expect(powerOfTwoClips(clips).shifts).toEqual(shifts);
      }),
      { seed: 41, numRuns: 500 },
    );
  });

  it('gives all-zero outputs the smallest scalar without disturbing the others', () => {
    const { clips, shifts } = powerOfTwoClips([MIN_CLIP, 3, 12]);
    expect([...shifts]).toEqual([0, 13, 15]);
    expect([...clips]).toEqual([12 / 2 ** 15, 3, 12]);
    expect([...powerOfTwoClips([MIN_CLIP, MIN_CLIP]).shifts]).toEqual([0, 0]);
  });

  it('refuses what is not a clipping scalar', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => powerOfTwoClips([1, bad])).toThrow(expect.objectContaining({ code: 'invalid-clip' }));
    }
  });
});
