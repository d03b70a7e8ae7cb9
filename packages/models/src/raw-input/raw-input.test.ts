import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.js';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { quantizeInput } from '../quantize-input.js';
import {
  countClamped,
  log2Fixed,
  makeRawFeature,
  quantizeRaw,
  RAW_PREPROCESSING,
  RAW_SCALE,
  RAW_TYPE_RANGES,
  type RawFeature,
  type RawInput,
  requireRawInput,
  toRawIntegers,
} from './index.js';

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const range = fc.tuple(int32, int32).filter(([a, b]) => a < b);

const table = (type: RawInput['type'], ...features: RawFeature[]): RawInput => ({ kind: 'table', type, features });
const feature = (low: number, high: number, rest: Partial<RawFeature> = {}) =>
  makeRawFeature({ name: 'x', decimals: 0, low, high, ...rest });

describe('quantizeRaw', () => {
  it('takes the ends of a range to -128 and 127 and its middle to the middle', () => {
    const input = table('i16', feature(0, 255), feature(-1000, 1550));
    // Steps of 1 and of 10: -1000 + 10·i is i - 128 exactly, halfway rounds up.
    expect([...quantizeRaw(input, [2], [0, -1000, 255, 1550, 128, 285, 77, 284])]).toEqual([
      -128, -128, 127, 127, 0, 1, -51, 0,
    ]);
  });

  it('clamps what lies outside and counts it by feature', () => {
    const input = table('i16', feature(0, 100), feature(-5, 5));
    const values = [-32_768, 5, 101, 32_767, 50, -6];
    expect([...quantizeRaw(input, [2], values)].filter((_, i) => i < 4)).toEqual([-128, 127, 127, 127]);
    expect([...countClamped(input, [2], values)]).toEqual([2, 2]);
  });

  it('counts what the type does not hold, where its range is that of the feature', () => {
    const input = table('i16', feature(-32_768, 32_767, { decimals: 1 }));
    const values = [4000, 3276.74, 3276.76, -3276.84, -3276.86, 0];
    expect([...countClamped(input, [1], toRawIntegers(input, [1], values), values)]).toEqual([3]);
    const bytes = table('u8', feature(0, 255));
    const given = [255.4, 255.6, -0.4, -0.6, 1e9];
    expect([...countClamped(bytes, [1], toRawIntegers(bytes, [1], given), given)]).toEqual([3]);
  });

  it('is within half a step, and a rounding of 16 bits, of the exact line, whatever the range', () => {
    fc.assert(
      fc.property(range, fc.double({ min: 0, max: 1, noNaN: true }), ([low, high], share) => {
        const raw = Math.round(low + share * (high - low));
        const exact = -128 + (255 * (raw - low)) / (high - low);
        const [got] = quantizeRaw(table('i32', feature(low, high)), [1], [raw]);
        // Ranges of over 2^16 lose their last bits: at most 255/2^15 of a step. The multiplier is rounded at its 16th bit or better.
        expect(Math.abs(got! - exact)).toBeLessThanOrEqual(0.5 + 255 / 2 ** 15 + 255 / 2 ** 14);
      }),
    );
  });

  it('never leaves int8 and never falls, for any range, end and curve', () => {
    fc.assert(
      fc.property(
        range,
        fc.tuple(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -128, max: 127 })).filter(([a, b]) => a <= b),
        fc.constantFrom('linear' as const, 'log2' as const),
        fc.array(int32, { minLength: 2, maxLength: 20 }),
        ([low, high], ends, curve, raws) => {
          const one = makeRawFeature({ name: 'x', decimals: 0, low, high, ends, curve });
          requireRawInput({ shape: [1], preprocessing: RAW_PREPROCESSING, raw: table('i32', one) });
          const sorted = raws.sort((a, b) => a - b);
          const got = sorted.map((raw) => quantizeRaw(table('i32', one), [1], [raw])[0]!);
          expect(got.every((q, i) => q >= ends[0] && q <= ends[1] && (i === 0 || q >= got[i - 1]!))).toBe(true);
        },
      ),
    );
  });

  it('takes a logarithmic feature by ratios: a doubling is the same number of steps everywhere', () => {
    const one = feature(0, 2 ** 15 - 1, { curve: 'log2', name: 'x' });
    // 15 doublings over 255 steps: 17 each.
    const got = quantizeRaw(table('i32', one), [1], [0, 1, 3, 7, 15, 2 ** 14 - 1, 2 ** 15 - 1]);
    expect([...got]).toEqual([-128, -111, -94, -77, -60, 110, 127]);
  });

  it('gives what the bytes of a sample stand for', () => {
    const input = table('i16', feature(-300, 800));
    const raw = Array.from({ length: 1200 }, (_, i) => i - 350);
    const codes = quantizeRaw(input, [1], raw);
    const bytes = Uint8Array.from(codes, (code) => code + 128);
    const model = {
      input: {
        shape: [1] as const,
        preprocessing: RAW_PREPROCESSING,
        quantization: { kind: 'static' as const, scale: RAW_SCALE },
        raw: input,
      },
    };
    expect(quantizeInput(model, bytes)).toEqual(codes);
  });

  it('reads a signal channel by channel', () => {
    const input: RawInput = { kind: 'signal', type: 'i16', features: [feature(0, 255), feature(0, 510)] };
    expect([...quantizeRaw(input, [2, 1, 3], [10, 20, 30, 20, 40, 60])]).toEqual([-118, -108, -98, -118, -108, -98]);
    expect([...countClamped(input, [2, 1, 3], [256, 1, -1, 511, 0, 0])]).toEqual([2, 1]);
  });
});

describe('log2Fixed', () => {
  it('is exact at powers of two and within 0.0861 of a doubling between them', () => {
    for (let e = 0; e < 32; e++) expect(log2Fixed(2 ** e)).toBe(256 * e);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 - 1 }), (n) => {
        // log2(1 + x) − x is at most 0.0861 (at x = 1/ln 2 − 1), and 8 bits are kept.
        const error = 256 * Math.log2(n) - log2Fixed(n);
        expect(error).toBeGreaterThanOrEqual(-1e-6);
        expect(error).toBeLessThan(256 * 0.0861 + 1);
      }),
    );
  });
});

describe('toRawIntegers', () => {
  it('scales by the decimals of each feature, rounds halves to even and stays within the type', () => {
    const input = table('i16', feature(0, 1, { decimals: 1 }), feature(0, 1, { decimals: 2 }));
    expect([...toRawIntegers(input, [2], [5.1, 0.125, 1e9, -1e9])]).toEqual([51, 12, 32_767, -32_768]);
  });

  it('rounds the product of f32 to float32, as C does', () => {
    const input = table('f32', feature(0, 1, { decimals: 3 }));
    // float32(16777.2171) is 16777.216796875; 1000 times that is 16777216.796875, and float32 has only even numbers from 2^24 on.
    expect([...toRawIntegers(input, [1], [16_777.2171])]).toEqual([16_777_216]);
  });

  it('refuses what is no number, naming the feature', () => {
    expect(() => toRawIntegers(table('i16', feature(0, 1, { name: 'co2' })), [1], [Number.NaN])).toThrow(
      /co2.*no number/,
    );
  });
});

describe('requireRawInput', () => {
  const valid = feature(0, 1000);
  const check = (raw: RawInput, shape: readonly [number] = [1]) =>
    requireRawInput({ shape, preprocessing: RAW_PREPROCESSING, raw });

  it.each<[string, RawInput, RegExp]>([
    ['too few features', { ...table('i16', valid), kind: 'table' }, /describes 1 features, 2 wanted/],
  ])('refuses %s', (_, raw, message) => {
    expect(() => check(raw, [2])).toThrow(message);
  });

  it('knows a hop of signals only', () => {
    check({ ...table('i16', valid), kind: 'signal', hop: 16 });
    expect(() => check({ ...table('i16', valid), hop: 16 })).toThrow(/hop of 16; only signals/);
  });

  it.each<[string, RawInput, RegExp]>([
    ['a range that is none', table('i16', { ...valid, low: 5, high: 5 }), /low 5 is not below high 5/],
    ['a range beyond the type', table('u8', valid), /not within u8/],
    ['positions that leave 16 bits', table('i32', { ...valid, high: 2 ** 20, preShift: 0 }), /at most 65535/],
    ['sums that leave int32', table('i16', { ...valid, multiplier: 65_535, bias: 2 ** 31 - 1 }), /leaves int32/],
    ['results that leave int8', table('i16', { ...valid, bias: valid.bias + 2 ** valid.shift }), /−128 … 127 wanted/],
  ])('refuses %s', (_, raw, message) => {
    expect(() => check(raw)).toThrow(message);
    expect(() => check(raw)).toThrow(ModelError);
  });

  it('is part of reading a network', () => {
    const spec = {
      name: 'n',
      input: { shape: [1], raw: table('i16', valid) },
      layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
    };
    expect(() => parseNetworkSpec(spec)).toThrow(/has the preprocessing/);
    const right = { ...spec, input: { ...spec.input, preprocessing: RAW_PREPROCESSING } };
    expect(parseNetworkSpec(right).input.raw).toEqual(spec.input.raw);
  });
});

it('knows what each type holds', () => {
  expect(RAW_TYPE_RANGES.i16).toEqual([-32_768, 32_767]);
});
