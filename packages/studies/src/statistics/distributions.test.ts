// The tests' probabilities against SciPy 1's: t.sf, t.ppf, betainc, ttest_rel, binomtest.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incompleteBeta, logGamma } from './incomplete-beta.js';
import { signTest } from './mcnemar.js';
import { meanAndDeviation } from './mean-deviation.js';
import { pairedT, tQuantile, tTwoSided } from './paired-t.js';

function near(found: number, wanted: number, relative = 1e-10): void {
  expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(relative);
}

describe('incompleteBeta', () => {
  it.each([
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.5, 2, 3, 0.6875],
    [0.9, 10, 0.5, 0.15164090963470994],
    [0.3, 50, 100, 0.19455183377224644],
    [0.999, 5, 0.5, 0.9222819921009667],
    [0.5, 4000, 4101, 0.8691166529626781],
    [0.5, 51, 51, 0.5],
  ])('I_%d(%d, %d) is %d', (x, a, b, wanted) => near(incompleteBeta(x, a, b), wanted));

  it('is x^a for b = 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 40 }), (x, a) =>
        near(incompleteBeta(x, a, 1), x ** a),
      ),
    );
  });

  it('rests on ln Γ, of factorials and of ½', () => {
    near(logGamma(11), Math.log(3_628_800), 1e-13);
    near(logGamma(0.5), Math.log(Math.PI) / 2, 1e-13);
  });
});

describe('Student’s t', () => {
  it.each([
    [0.5, 1, 0.7048327646991335],
    [2, 1, 0.2951672353008665],
    [12.7, 1, 0.050024327689344165],
    [2.5, 2, 0.12961172022151082],
    [-2.776, 4, 0.05002277831997642],
    [1, 9, 0.3434363961379136],
    [4.2, 9, 0.002306692506540238],
    [0.01, 30, 0.9920874925731777],
    [3.3, 99, 0.001344764746399179],
    [8, 250, 4.652801518917548e-14],
  ])('beyond ±%d with %d degrees of freedom: %d', (t, freedom, p) => near(tTwoSided(t, freedom), p));

  it.each([
    [0.95, 1, 12.706204736174694],
    [0.95, 4, 2.7764451051977934],
    [0.99, 9, 3.249835541592126],
    [0.9, 30, 1.697260886593957],
    [0.95, 1000, 1.9623390808264083],
  ])('has %d within ± of %d degrees: %d', (confidence, freedom, t) => near(tQuantile(confidence, freedom), t));
});

describe('pairedT', () => {
  it('is that of SciPy', () => {
    const a = [0.9812, 0.9805, 0.9821, 0.9799, 0.9816];
    const b = [0.983, 0.9811, 0.9829, 0.9818, 0.9817];
    const { t, p, interval, difference, deviation, pairs } = pairedT(a, b);
    near(t, 2.970216485483121, 1e-9);
    near(p, 0.041135467263483834, 1e-9);
    near(interval[0], 6.784765907861471e-5, 1e-9);
    near(interval[1], 0.002012152340921378, 1e-9);
    near(difference, 0.00104, 1e-9);
    near(deviation, 0.0007829431652425555, 1e-9);
    expect(pairs).toBe(5);
    near(pairedT([1, 2.5], [2, 2.2]).p, pairedT([2, 2.2], [1, 2.5]).p);
    near(pairedT([2, 2.2], [1, 2.5]).interval[0], -8.60903307851355);
  });

  it('does not take equal differences for certainty', () => {
    expect(pairedT([0.91, 0.92], [0.92, 0.93]).p).toBe(0.5);
    expect(pairedT([1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5])).toMatchObject({ p: 1 / 32, t: Number.NEGATIVE_INFINITY });
    expect(pairedT([1, 2, 3], [1, 2, 3])).toMatchObject({ p: 1, t: 0 });
  });

  it('finds a difference that is not there in one of twenty', () => {
    // Sums of twelve uniform numbers are near to normal.
    let state = 12345;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    const list = () => Array.from({ length: 5 }, normal);
    const found = Array.from({ length: 4000 }, () => pairedT(list(), list())).filter(({ p }) => p < 0.05).length;
    // 200 expected with a deviation of √(4000·0.05·0.95) = 14.
    expect(Math.abs(found - 200)).toBeLessThan(50);
  });

  it('wants two pairs', () => {
    expect(() => pairedT([1], [2])).toThrow(/at least 2/);
    expect(() => pairedT([1, 2], [2])).toThrow(/as many/);
  });
});

describe('meanAndDeviation', () => {
  it('is worked by hand', () => {
    expect(meanAndDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ count: 8, mean: 5, deviation: Math.sqrt(32 / 7) });
    expect(meanAndDeviation([3])).toEqual({ count: 1, mean: 3, deviation: 0 });
  });
});

describe('signTest', () => {
  it.each([
    [0, 5, 0.0625],
    [1, 9, 0.021484375],
    [10, 25, 0.016673847800120715],
    [30, 31, 1],
    [180, 120, 0.0006342200069283566],
    [2000, 2200, 0.0021323556719912455],
    [9000, 9001, 1],
    [0, 0, 1],
  ])('of %d against %d is %d', (one, other, p) => near(signTest(one, other), p, 1e-9));

  it('is the sum of binomial coefficients', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (let n = 1; n <= 30; n++) {
      let tail = 0;
      for (let k = 0; 2 * k < n; k++) {
        tail += choose(n, k) / 2 ** n;
        near(signTest(k, n - k), Math.min(1, 2 * tail), 1e-12);
      }
    }
  });
});
