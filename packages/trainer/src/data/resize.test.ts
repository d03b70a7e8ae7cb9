import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { bilinearTaps, resizeImages } from './resize.js';

describe('resizeImages', () => {
  it('gives the bytes of Pillow on the 10 000 MNIST test images', async () => {
    const { test } = await loadDataset({ kind: 'mnist' });
    const resized = resizeImages(test.bytes, [28, 28], [16, 16]);
    expect(createHash('md5').update(resized).digest('hex')).toBe('68cd4824a99ca973c9f3d22cecf012c3');
  });

  it('halves by the triangle filter: weights 1/8, 3/8, 3/8, 1/8 inside', () => {
    const { starts, coefficients, taps } = bilinearTaps(8, 4);
    expect(starts[1]).toBe(1);
    expect(Array.from(coefficients.subarray(taps, taps + 4), (c) => c / 2 ** 22)).toEqual([1 / 8, 3 / 8, 3 / 8, 1 / 8]);
  });

  it('keeps a constant image constant at any size', () => {
    for (const [height, width] of [
      [1, 1],
      [3, 40],
      [29, 5],
      [64, 64],
    ] as const) {
      expect(new Set(resizeImages(new Uint8Array(28 * 20).fill(201), [28, 20], [height, width]))).toEqual(
        new Set([201]),
      );
    }
  });

  it('interpolates linearly when enlarging', () => {
    // Centres of the four output pixels lie at 0, 0.25, 0.75 and 1 between the two input pixels (clamped at the borders).
    expect([...resizeImages(Uint8Array.of(0, 100), [1, 2], [1, 4])]).toEqual([0, 25, 75, 100]);
  });

  it('refuses a length that is no whole number of images', () => {
    expect(() => resizeImages(new Uint8Array(10), [3, 3], [2, 2])).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
