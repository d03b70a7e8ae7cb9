// Max-abs norm against its definition worked by hand, and against division of real numbers.
import { describe, expect, it } from 'vitest';
import { maxAbsNorm } from './max-abs-norm.js';

function normalized(...values: number[]): number[] {
  const x = Int32Array.from(values);
  const out = new Int32Array(x.length);
  const site = {
    node: { name: 'norm', op: 'maxAbsNorm', inputs: ['input'], activation: 'relu' },
    inputShapes: [[x.length]],
    outputShape: [x.length],
    outputType: 'int8',
  } as const;
  maxAbsNorm.reference(site, [x], out)();
  return [...out];
}

describe('maxAbsNorm', () => {
  it('gives hand-worked values', () => {
    // 127·500/1000 = 63.5 → 64, halves up; 127·4/1000 = 0.508 → 1; 127·3/1000 = 0.381 → 0.
    expect(normalized(1000, 500, 4, 3, -1000, 0)).toEqual([127, 64, 1, 0, 0, 0]);
    expect(normalized(1, 0)).toEqual([127, 0]);
    expect(normalized(-1, -5, 0)).toEqual([0, 0, 0]);
    // The largest int32 is shifted by 8: 8 388 607; 2^30 >> 8 = 4 194 304, 127·4194304/8388607 = 63.50001 → 64.
    expect(normalized(2 ** 31 - 1, 2 ** 30, 255, -(2 ** 31))).toEqual([127, 64, 0, 0]);
  });

  it('rounds 127·x/max to the nearest integer wherever it is no tie', () => {
    for (const max of [1, 2, 127, 128, 999, 70_001, 2 ** 23 - 1]) {
      for (let k = 0; k <= 300; k++) {
        const x = Math.floor((max * k) / 300);
        const exact = (127 * x) / max;
        if (Math.abs(exact - Math.floor(exact) - 0.5) > 1e-9) {
          expect(normalized(max, x)[1]).toBe(Math.round(exact));
        }
      }
    }
  });
});
