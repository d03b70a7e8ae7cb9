// Every format's numbers, worked by hand from the definitions in the README's table.
import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, type FormatName } from './format.js';
import { bitsPerWeight } from './packing.js';
import { quantizeWeights } from './quantize.js';
import { formats } from './registry.js';

interface Expected {
  readonly levels: number;
  readonly lowest: number;
  readonly highest: number;
  readonly integers: readonly [lowest: number, highest: number];
  readonly bits: number;
  readonly scaleNumerator: number;
}

const expected: Record<FormatName, Expected> = {
  Binary: { levels: 2, lowest: -1, highest: 1, integers: [-1, 1], bits: 1, scaleNumerator: 1 },
  BinarySym: { levels: 2, lowest: -1, highest: 1, integers: [-1, 1], bits: 1, scaleNumerator: 1 },
  Ternary: { levels: 3, lowest: -1, highest: 1, integers: [-1, 1], bits: 1.6, scaleNumerator: 1 },
  '2bitsym': { levels: 4, lowest: -1.5, highest: 1.5, integers: [-3, 3], bits: 2, scaleNumerator: 2 },
  '4bitsym': { levels: 16, lowest: -7.5, highest: 7.5, integers: [-15, 15], bits: 4, scaleNumerator: 8 },
  '4bit': { levels: 16, lowest: -8, highest: 7, integers: [-8, 7], bits: 4, scaleNumerator: 8 },
  '4.6bit': { levels: 24, lowest: -11.5, highest: 11.5, integers: [-23, 23], bits: 4.6, scaleNumerator: 12 },
  '5bitsym': { levels: 32, lowest: -15.5, highest: 15.5, integers: [-31, 31], bits: 5, scaleNumerator: 16 },
  FP130: { levels: 16, lowest: -128, highest: 128, integers: [-128, 128], bits: 4, scaleNumerator: 128 },
  NF4: { levels: 16, lowest: -1, highest: 1, integers: [-127, 127], bits: 4, scaleNumerator: 1 },
  '8bit': { levels: 256, lowest: -128, highest: 127, integers: [-128, 127], bits: 8, scaleNumerator: 128 },
};

/** Scaled weights u and the level each becomes; ties, ends and beyond. */
const worked: Record<FormatName, readonly (readonly [u: number, level: number])[]> = {
  // The mean of this column is 0, so centring changes nothing.
  Binary: [
    [-5, -1],
    [-0.125, -1],
    [0, -1],
    [0.125, 1],
    [5, 1],
  ],
  BinarySym: [
    [-5, -1],
    [-1e-30, -1],
    [0, -1],
    [1e-30, 1],
    [5, 1],
  ],
  Ternary: [
    [-9, -1],
    [-0.51, -1],
    [-0.5, 0],
    [0, 0],
    [0.5, 0],
    [0.51, 1],
    [9, 1],
  ],
  // round(u − ½) + ½, ties of u − ½ to even: 0 and 1 are ties (−0.5 → 0, 0.5 → 0), −1 → −2 + ½, 2 → 2 + ½ clipped.
  '2bitsym': [
    [-9, -1.5],
    [-1, -1.5],
    [-0.99, -0.5],
    [-0.01, -0.5],
    [0, 0.5],
    [1, 0.5],
    [1.01, 1.5],
    [9, 1.5],
  ],
  '4bitsym': [
    [-99, -7.5],
    [-7, -7.5],
    [-6, -5.5],
    [0, 0.5],
    [1, 0.5],
    [2, 2.5],
    [3, 2.5],
    [6.6, 6.5],
    [99, 7.5],
  ],
  '4bit': [
    [-99, -8],
    [-7.5, -8],
    [-6.5, -6],
    [-0.5, 0],
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [7.4, 7],
    [99, 7],
  ],
  '4.6bit': [
    [-99, -11.5],
    [-11, -11.5],
    [0, 0.5],
    [10.9, 10.5],
    [11, 10.5],
    [11.1, 11.5],
    [99, 11.5],
  ],
  '5bitsym': [
    [-99, -15.5],
    [-15, -15.5],
    [-14, -13.5],
    [0, 0.5],
    [15, 14.5],
    [15.1, 15.5],
    [99, 15.5],
  ],
  FP130: [
    [-1000, -128],
    [-128, -128],
    [-127.9, -64],
    [-3, -2],
    [-2, -2],
    [-1.99, -1],
    [-0.1, -1],
    [0, 1],
    [0.3, 1],
    [1.99, 1],
    [2, 2],
    [64, 64],
    [127.9, 64],
    [128, 128],
    [1000, 128],
  ],
  // Middles: (−1 − 0.6962)/2 = −0.8481, (0 + 0.0796)/2 = 0.0398, (0.723 + 1)/2 = 0.8615.
  NF4: [
    [-9, -1],
    [-0.8482, -1],
    [-0.848, -0.6962],
    [-0.04, 0],
    [0.0397, 0],
    [0.0399, 0.0796],
    [0.8614, 0.723],
    [0.8616, 1],
    [9, 1],
  ],
  '8bit': [
    [-999, -128],
    [-127.5, -128],
    [-126.5, -126],
    [0.5, 0],
    [1.5, 2],
    [126.5, 126],
    [127.4, 127],
    [999, 127],
  ],
};

describe.each(FORMAT_NAMES)('%s', (name) => {
  const format = formats[name];

  it('has the levels, integers and bits of the table', () => {
    const { levels, integers } = format;
    expect(format.name).toBe(name);
    expect(levels.length).toBe(expected[name].levels);
    expect(integers.length).toBe(expected[name].levels);
    expect([levels[0], levels[levels.length - 1]]).toEqual([expected[name].lowest, expected[name].highest]);
    expect([integers[0], integers[integers.length - 1]]).toEqual(expected[name].integers);
    expect(bitsPerWeight(name)).toBe(expected[name].bits);
    expect(format.scaleNumerator).toBe(expected[name].scaleNumerator);
  });

  it('ascends in levels and integers, and integers are levels times integerScale', () => {
    const { levels, integers, integerScale } = format;
    const tolerance = name === 'NF4' ? 0.5 : 0;
    for (let code = 0; code < levels.length; code++) {
      if (code > 0) {
        expect(levels[code]!).toBeGreaterThan(levels[code - 1]!);
        expect(integers[code]!).toBeGreaterThan(integers[code - 1]!);
      }
      expect(Math.abs(integers[code]! - levels[code]! * integerScale)).toBeLessThanOrEqual(tolerance);
    }
  });

  it('encodes hand-worked values', () => {
    const weights = worked[name].map(([u]) => u);
    // scale 1: u is the weight itself.
    const { codes, dequantized } = quantizeWeights(name, weights, { scales: 1 });
    expect([...codes].map((code) => format.levels[code])).toEqual(worked[name].map(([, level]) => level));
    expect([...dequantized]).toEqual(worked[name].map(([, level]) => Math.fround(level)));
  });
});

describe('integers', () => {
  it('are odd and without a gap in the symmetric formats', () => {
    expect([...formats['2bitsym'].integers]).toEqual([-3, -1, 1, 3]);
    expect([...formats['4bitsym'].integers]).toEqual([-15, -13, -11, -9, -7, -5, -3, -1, 1, 3, 5, 7, 9, 11, 13, 15]);
  });

  it('are powers of two in FP130', () => {
    expect([...formats.FP130.integers]).toEqual([-128, -64, -32, -16, -8, -4, -2, -1, 1, 2, 4, 8, 16, 32, 64, 128]);
  });

  it('are round(127·level) in NF4', () => {
    expect([...formats.NF4.integers]).toEqual([-127, -88, -67, -50, -36, -23, -12, 0, 10, 20, 31, 43, 56, 71, 92, 127]);
  });
});
