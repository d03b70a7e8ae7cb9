// Against the functions of this engine, to a few units of the last place, and where results are exact, exactly.
import { describe, expect, it } from 'vitest';
import { atan2, cos, exp2, logarithm2, sin, tan, wholePower } from './portable-math.js';

const arguments_ = Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 617.31);

/** The largest |found − expected|, relative to the larger of |expected| and `least`. */
function largestError(found: (x: number) => number, expected: (x: number) => number, least = 0): number {
  return arguments_.reduce((worst, x) => {
    const value = expected(x);
    return Math.max(worst, Math.abs(found(x) - value) / Math.max(Math.abs(value), least));
  }, 0);
}

describe('functions that are the same bits everywhere', () => {
  it('are within some units of the last place of those of Math', () => {
    expect(largestError(sin, Math.sin, 1)).toBeLessThan(5e-16);
    expect(largestError(cos, Math.cos, 1)).toBeLessThan(5e-16);
    expect(largestError(tan, Math.tan, 1)).toBeLessThan(2e-15);
    expect(largestError(exp2, (x) => 2 ** x)).toBeLessThan(1e-15);
    const positive = (f: (x: number) => number) => (x: number) => f(Math.abs(x) + 1e-3);
    expect(largestError(positive(logarithm2), positive(Math.log2), 1)).toBeLessThan(5e-16);
    for (const y of [-3, -1, 0, 1e-9, 0.5, 40]) {
      expect(
        largestError(
          (x) => atan2(y, x),
          (x) => Math.atan2(y, x),
          1e-12,
        ),
      ).toBeLessThan(1e-15);
    }
    expect(Math.abs(sin(1e5) - Math.sin(1e5))).toBeLessThan(1e-11);
    expect(wholePower(0.9, 37) / 0.9 ** 37).toBeCloseTo(1, 14);
  });

  it('are exact where the result is', () => {
    for (let n = -1021; n <= 1021; n += 37) {
      expect(exp2(n)).toBe(2 ** n);
      expect(logarithm2(2 ** n)).toBe(n);
    }
    expect([sin(0), cos(0), cos(Math.PI), sin(Math.PI / 2), atan2(0, 1), atan2(0, 0)]).toEqual([0, 1, -1, 1, 0, 0]);
    expect([atan2(0, -1), atan2(1, 0), atan2(-1, 0)]).toEqual([Math.PI, Math.PI / 2, -Math.PI / 2]);
    expect([wholePower(3, 0), wholePower(3, 4), wholePower(10, 15)]).toEqual([1, 81, 1e15]);
    expect([logarithm2(0), logarithm2(-1), exp2(-2000), exp2(2000)]).toEqual([-Infinity, Number.NaN, 0, Infinity]);
  });

  it('are these bits on every machine', () => {
    const hash = (values: Float64Array) =>
      new Uint32Array(values.buffer).reduce((sum, word) => Math.imul(sum ^ word, 0x01000193) >>> 0, 0x811c9dc5);
    const values = [
      sin,
      cos,
      tan,
      (x: number) => logarithm2(Math.abs(x) + 1),
      exp2,
      (x: number) => atan2(x, 3 - x),
    ].map((f) => hash(Float64Array.from(arguments_, f)));
    expect(values).toMatchInlineSnapshot(`
      [
        3992764401,
        86798521,
        3743311489,
        2683589717,
        1585836476,
        1922970059,
      ]
    `);
  });
});
