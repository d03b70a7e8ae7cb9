// Every format's numbers: the examples of its record, worked by hand, and what holds of all records.
import { describe, expect, it } from 'vitest';
import { octav } from './clipping/octav.js';
import type { ClippingPolicy } from './clipping/policy.js';
import { updateClips } from './clipping/update.js';
import { codeStatistics } from './code-statistics.js';
import { defineFormat } from './define-format.js';
import { bitsPerWeight, packCodes, unpackCodes } from './packing.js';
import { dequantizeCodes, integerWeights, quantizeWeights } from './quantize.js';
import { FORMAT_NAMES, type FormatName, formats, getFormat } from './registry.js';
import { inverseScalesFromClips } from './scale.js';

describe.each(FORMAT_NAMES)('%s', (name) => {
  const format = formats[name];
  const { levels, integers, integerScale, examples, encoding } = format;

  it('encodes the values of its examples, which go beyond both ends', () => {
    const weights = examples.encoding.map(([u]) => u);
    const wanted = examples.encoding.map(([, level]) => level);
    // scale 1: u is the weight itself.
    const { codes, dequantized } = quantizeWeights(name, weights, { inverseScales: 1 });
    expect([...codes].map((code) => levels[code])).toEqual(wanted);
    expect([...dequantized]).toEqual(wanted.map((level) => Math.fround(level)));
    expect([wanted[0], wanted.at(-1)]).toEqual([levels[0], levels.at(-1)]);
    expect(weights[0]!).toBeLessThan(levels[0]!);
    expect(weights.at(-1)!).toBeGreaterThan(levels.at(-1)!);
  });

  it('packs the row of its examples, with these integers', () => {
    const { codes, integers: wanted, bytes } = examples.packing;
    expect([...packCodes(name, codes, 1, codes.length)]).toEqual(bytes);
    expect([...unpackCodes(name, Uint8Array.from(bytes), 1, codes.length)]).toEqual(codes);
    expect([...integerWeights(name, Uint8Array.from(codes))]).toEqual(wanted);
  });

  it('has integers that are levels times integerScale, rounded', () => {
    const tolerance = encoding.kind === 'nearest' ? 0.5 : 0;
    for (let code = 0; code < levels.length; code++) {
      expect(Math.abs(integers[code]! - levels[code]! * integerScale)).toBeLessThanOrEqual(tolerance);
    }
  });

  it('is scaled so that the clipping scalar falls on the outermost level, or half a step beyond', () => {
    const outermost = Math.max(...levels.map(Math.abs));
    const isHalfLevel = encoding.kind === 'uniform' && encoding.offset === 0.5;
    expect(format.scaleNumerator).toBe(isHalfLevel ? outermost + 0.5 : outermost);
  });
});

describe('defineFormat', () => {
  const { ternary, nibbles } = { ternary: formats.Ternary, nibbles: formats['4bit'] };
  const refusal = expect.objectContaining({ name: 'QuantError', code: 'invalid-format' });

  it.each([
    ['a record that is right', {}, undefined],
    ['a code book that is complete', { coded: { number: 81, books: [[1, 2, 2]] } }, undefined],
    ['a code book with words left over', { coded: { number: 81, books: [[2, 2, 2]] } }, /book of the lengths 2, 2, 2/],
    ['a code book without a word for each code', { coded: { number: 81, books: [[1, 1]] } }, /each of its 3 codes/],
    ['levels that do not ascend', { levels: Float64Array.of(-1, 1, 0) }, /Ternary" does not ascend from code 1 to 2/],
    ['a level without an integer', { integers: Int16Array.of(-1, 1) }, /3 levels and 2 integers/],
    [
      'a packing for fewer codes',
      { packing: { kind: 'bits', groupSize: 1, groupBits: 1, radix: 2 } },
      /1 codes below 2/,
    ],
    ['a group that does not fit', { packing: { ...ternary.packing, groupSize: 6 } }, /6 codes below 3 into 8 bits/],
    ['a level that is no number', { levels: Float64Array.of(-1, 0, Infinity) }, /level Infinity of code 2/],
    [
      'an encoding that there is not',
      { encoding: { kind: 'unifrom', offset: 0, min: -1, max: 1 } },
      /Did you mean "uniform"/,
    ],
    ['more codes than levels', { encoding: { kind: 'uniform', offset: 0, min: -2, max: 1 } }, /3 levels, and .* 4;/],
    [
      'levels half a step off',
      { encoding: { kind: 'uniform', offset: 0.5, min: -1, max: 1 } },
      /-1 of code 0, and .* -0.5/,
    ],
    ['an offset between', { encoding: { kind: 'uniform', offset: 0.25, min: -1, max: 1 } }, /an offset of 0.25/],
    ['a range without end', { encoding: { kind: 'uniform', offset: 0, min: 0, max: 2 ** 40 } }, /at most 256/],
    ['signs of three levels', { encoding: { kind: 'sign', centred: false } }, /3 levels, and .* 2;/],
    ['powers of two of three levels', { encoding: { kind: 'power-of-two', maxExponent: 1 } }, /3 levels, and .* 4;/],
    ['half an exponent', { encoding: { kind: 'power-of-two', maxExponent: 0.5 } }, /up to 2\^0.5/],
    ['a packing that there is not', { packing: { ...ternary.packing, kind: 'radx' } }, /Did you mean "radix"/],
    ['groups of bits', { packing: { kind: 'bits', groupSize: 2, groupBits: 4, radix: 4 } }, /groupSize of 1/],
    [
      'bits of another radix',
      { packing: { kind: 'bits', groupSize: 1, groupBits: 4, radix: 5 } },
      /radix of 2\^groupBits/,
    ],
    ['half a code', { packing: { ...ternary.packing, groupSize: 0.5 } }, /give integers ≥ 1/],
    // 200 · 2^25 is beyond 2^32: decoding would lose the first code of each group.
    [
      'a group beyond 32 bits',
      { packing: { kind: 'radix', groupSize: 3, groupBits: 25, radix: 200 } },
      /at most 2\^32/,
    ],
    ['a scale of nothing', { scaleNumerator: 0 }, /scaleNumerator 0/],
    ['an integer scale without end', { integerScale: Infinity }, /integerScale Infinity/],
    ['integers of other levels', { integers: Int16Array.of(-2, 0, 2) }, /integer -2 for the level -1/],
  ] as const)('%s', (_, change, message) => {
    const define = () => defineFormat({ ...ternary, ...change } as typeof ternary);
    if (message === undefined) expect(define().name).toBe('Ternary');
    else {
      expect(define).toThrow(message);
      expect(define).toThrow(refusal);
    }
  });

  it("takes a format of one's own, which the functions of this package then know", () => {
    const even = { levels: Float64Array.of(-2, 0, 2), integers: Int16Array.of(-2, 0, 2), packing: nibbles.packing };
    const own = defineFormat({ ...ternary, ...even, name: 'Ternary', encoding: { kind: 'nearest' } });
    expect([...quantizeWeights(own, [-3, -0.5, 1.5], { inverseScales: 1 }).codes]).toEqual([0, 1, 2]);
    expect([...packCodes(own, [2, 0, 1], 1, 3)]).toEqual([0x02, 0x01]);
    expect([...unpackCodes(own, Uint8Array.of(0x02, 0x01), 1, 3)]).toEqual([2, 0, 1]);
    expect([...integerWeights(own, [0, 2])]).toEqual([-2, 2]);
    expect([...dequantizeCodes(own, [0, 2], { inverseScales: inverseScalesFromClips(own, 0.5) })]).toEqual([-1, 1]);
    expect([...updateClips({ ...own, meanScaled: false }, [-3, 1], octav)].length).toBe(1);
    expect([bitsPerWeight(own), codeStatistics(own, [0, 1, 2]).entropy]).toEqual([4, Math.log2(3)]);
    const policy: ClippingPolicy = ({ format, weights }) => format.scaleNumerator * weights.length;
    expect([...updateClips({ ...own, meanScaled: false }, [-3, 1], policy)]).toEqual([2]);
    expect(getFormat(own).name).toBe('Ternary');
    expect(getFormat('NF4').name satisfies FormatName).toBe('NF4');
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
