import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { makeRawFeature, RAW_PREPROCESSING, type RawInput } from '../raw-input/index.js';
import {
  computeFrame,
  computeFrontEnd,
  type Feature,
  type Filter,
  type FrontEnd,
  frontEndShape,
  requireFrontEnd,
  windowOf,
} from './index.js';
import { integerRoot } from './integer-math.js';
import { powerSpectrum } from './power-spectrum.js';

const int16 = fc.integer({ min: -32_768, max: 32_767 });
const frameOf = (features: Feature[], frame: number, filters: Filter[] = []): FrontEnd => ({
  ...{ channels: 1, frame, hop: frame, frames: 1 },
  ...{ filters, features },
});
const one = (type: Exclude<Feature['type'], 'bands'>, ...x: number[]) =>
  computeFrame(frameOf([{ type }], x.length), Int16Array.from(x))[0];
const filtered = (filter: Filter, x: number[]) =>
  x.map((_, i) => {
    // Only what a frame's features show can be seen: the last value of ever longer frames.
    const part = x.slice(0, i + 1);
    const features: Feature[] = [{ type: 'maximum' }, { type: 'minimum' }];
    return part.length < 2 ? Number.NaN : computeFrame(frameOf(features, part.length, [filter]), Int16Array.from(part));
  });

describe('features', () => {
  it('are what is worked by hand', () => {
    expect(one('mean', 1, 2, 2, 2)).toBe(2); // 7/4 = 1.75
    expect(one('mean', -1, -2, -2, -2)).toBe(-2);
    expect(one('mean', 1, 2)).toBe(2); // halves up
    expect(one('mean', -1, -2)).toBe(-1);
    expect(one('minimum', 3, -7, 5)).toBe(-7);
    expect(one('maximum', 3, -7, 5)).toBe(5);
    // Mean 0: below, not, below, below, not, not: 3 changes.
    expect(one('crossings', -5, 3, -1, -2, 0, 5)).toBe(3);
    // √((9 + 16)/2) = 3.5355…, 16 times that 56.57.
    expect(one('rms', 3, 4)).toBe(56);
    // Mean 4; √((1 + 1 + 9 + 9)/4) = √5 = 2.236, 16 times that 35.78.
    expect(one('deviation', 3, 5, 1, 7)).toBe(35);
    expect(one('rms', 0, 0)).toBe(0);
  });

  it('hold at the ends of int16', () => {
    expect(one('rms', -32_768, -32_768)).toBe(16 * 32_768);
    expect(one('deviation', -32_768, 32_767)).toBeGreaterThan(16 * 32_767 * 0.999);
    expect(one('mean', ...Array(32_768).fill(-32_768))).toBe(-32_768);
  });

  it('give a root mean square within 1 and 3 promille of the real one', () => {
    fc.assert(
      fc.property(
        fc.array(int16, { minLength: 2, maxLength: 400 }),
        fc.integer({ min: 0, max: 15 }),
        (values, less) => {
          const x = values.map((value) => value >> less);
          const exact = 16 * Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length);
          expect(Math.abs(one('rms', ...x)! - exact)).toBeLessThanOrEqual(1 + 0.003 * exact);
        },
      ),
    );
  });

  it('take roots that are the largest integers whose squares fit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (n) => {
        const root = integerRoot(n);
        expect(root * root <= n && (root + 1) ** 2 > n).toBe(true);
      }),
    );
  });
});

describe('filters', () => {
  it('take differences, 0 at the start, within int16', () => {
    const features: Feature[] = [{ type: 'maximum' }, { type: 'minimum' }, { type: 'mean' }];
    const front = frameOf(features, 3, [{ type: 'difference' }]);
    expect([...computeFrame(front, Int16Array.of(-32_768, 32_767, 32_760))]).toEqual([32_767, -7, 10_920]);
  });

  it('compute a biquad as its difference equation says, from the rest of its first value', () => {
    // y = (x[i] + x[i−1])/2 + y[i−1]/4: a constant c becomes 4/3·c; of 300, 400.
    const filter: Filter = { type: 'biquad', b: [4096, 4096, 0], a: [-2048, 0], gain: 10_923 };
    const all = filtered(filter, [300, 300, 500]);
    expect([...(all[1] as Int32Array)]).toEqual([400, 400]);
    // (500 + 300)/2 + 400/4 = 500
    expect([...(all[2] as Int32Array)]).toEqual([500, 400]);
  });
});

/** The definition of a discrete Fourier transform, in doubles. */
function exactPowers(x: Int16Array): number[] {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  return Array.from({ length: n / 2 }, (_, k) => {
    let [re, im] = [0, 0];
    x.forEach((value, i) => {
      const windowed = (value - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / n));
      re += windowed * Math.cos((2 * Math.PI * k * i) / n);
      im -= windowed * Math.sin((2 * Math.PI * k * i) / n);
    });
    return re * re + im * im;
  });
}

describe('powerSpectrum', () => {
  it.each([64, 128, 256, 512])('is a Fourier transform of %i values, to 60 dB below the power of all', (n) => {
    const signals = [
      (i: number) => 30_000 * Math.sin(i / 3),
      (i: number) => 3 * Math.cos((2 * Math.PI * 9 * i) / n) + 1000,
      (i: number) => (i === n / 2 ? 32_767 : 0),
      (i: number) => (i % 2 === 0 ? 32_767 : -32_768) * Math.sin(i * i),
    ];
    for (const signal of signals) {
      const x = Int16Array.from({ length: n }, (_, i) => Math.round(signal(i)));
      const exact = exactPowers(x);
      const { powers, exponent } = powerSpectrum(x);
      const whole = exact.reduce((sum, power) => sum + power, 0);
      // Shifts round down: up to 8 − 1 of each value, a constant, which the window spreads over bins 0 and 1.
      exact.forEach((power, k) => {
        const got = (powers[k]! * 4 ** exponent) / 4;
        expect(Math.abs(Math.sqrt(got) - Math.sqrt(power))).toBeLessThan(
          Math.sqrt(whole) / 1000 + 0.01 + (k < 2 ? 4 * n : 0),
        );
      });
    }
  });

  it('never leaves 16 bits, whatever the values', () => {
    const extreme = fc.array(fc.constantFrom(-32_768, 32_767, 0, 1, -1), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(fc.oneof(extreme, fc.array(int16, { minLength: 64, maxLength: 64 })), (values) => {
        const x = Int16Array.from(values);
        const exact = exactPowers(x);
        const { powers, exponent } = powerSpectrum(x);
        const total = exact.reduce((sum, power) => sum + power, 0);
        const got = powers.reduce((sum, power) => sum + (power / 4) * 4 ** exponent, 0);
        // The mean is rounded to an integer: half a step, in bins 0 and 1.
        expect(Math.abs(Math.sqrt(got) - Math.sqrt(total))).toBeLessThan(0.002 * Math.sqrt(total) + 40);
      }),
    );
  });
});

describe('computeFrontEnd', () => {
  const front: FrontEnd = {
    ...{ channels: 2, frame: 2, hop: 1, frames: 3, filters: [] },
    features: [{ type: 'maximum' }, { type: 'minimum' }],
  };

  it('cuts frames and lays values out by channel, feature, frame', () => {
    expect(windowOf(front)).toBe(4);
    expect(frontEndShape(front)).toEqual([4, 1, 3]);
    const values = computeFrontEnd(front, Int16Array.of(1, 5, 2, 0, -1, -2, -3, -4));
    expect([...values]).toEqual([5, 5, 2, 1, 2, 0, -1, -2, -3, -2, -3, -4]);
    expect(() => computeFrontEnd(front, new Int16Array(9))).toThrow(/9 values found, 8 for each sample/);
  });

  const feature = makeRawFeature({ name: 'x', decimals: 0, low: -100, high: 100 });
  const raw: RawInput = { kind: 'signal', type: 'i32', features: Array(4).fill(feature) };
  const spec = {
    name: 'n',
    input: { shape: [4, 1, 3], preprocessing: RAW_PREPROCESSING, raw, frontEnd: front },
    layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
  };

  it('is part of a network', () => {
    const flat = { ...spec, layers: [{ type: 'flatten', name: 'flat' }, ...spec.layers] };
    expect(parseNetworkSpec(flat).input.frontEnd).toEqual(front);
  });

  it.each<[string, Partial<FrontEnd>, Partial<RawInput> | undefined, RegExp]>([
    ['another shape', { frames: 4 }, {}, /makes 4×1×4 of a sample, the input is 4×1×3/],
    ['a raw input of another type', {}, { type: 'i16' }, /kind signal and type i32 .* type i16 found/],
    [
      'a spectrum of no power of two',
      { frame: 100, features: [{ type: 'bands', bands: [{ name: 'a', first: 0, weights: [1] }] }] },
      {},
      /the frame has 100/,
    ],
    [
      'a band beyond the spectrum',
      { frame: 64, features: [{ type: 'bands', bands: [{ name: 'a', first: 30, weights: [1, 1, 1] }] }] },
      {},
      /a reaches beyond bin 31/,
    ],
    [
      'a biquad that leaves 32 bits',
      { filters: [{ type: 'biquad', b: [32_767, -32_768, 1], a: [0, 0], gain: 0 }] },
      {},
      /65536, at most 65535/,
    ],
  ])('refuses %s', (_, front2, raw2, message) => {
    const input = { shape: [4, 1, 3] as const, raw: { ...raw, ...raw2 }, frontEnd: { ...front, ...front2 } };
    expect(() => requireFrontEnd(input)).toThrow(message);
  });
});
