// The encoding rules as properties over float32: nearest level, order, and agreement with the threshold tables.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoderOf, roundHalfEven } from './encode.js';
import { FORMAT_NAMES, formats } from './registry.js';
import { encodingThresholds } from './thresholds.js';

const float32 = fc.float({ noNaN: true });
const moderate = fc.float({ noNaN: true, min: -300, max: 300 });

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.500001, 3],
    [-126.5, -126],
    [8_388_607.5, 8_388_608],
    [2 ** 51 + 0.5, 2 ** 51],
    [2 ** 51 + 1.5, 2 ** 51 + 2],
    [-(2 ** 51) - 0.5, -(2 ** 51)],
    [2 ** 53 - 1, 2 ** 53 - 1],
    [-1e300, -1e300],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    [Number.NaN, Number.NaN],
  ])('%d → %d', (x, rounded) => {
    expect(roundHalfEven(x) + 0).toBe(rounded);
  });
});

describe.each(FORMAT_NAMES)('%s', (name) => {
  const { levels } = formats[name];
  const encode = encoderOf(name);

  it('encodes every level to its own code', () => {
    for (let code = 0; code < levels.length; code++) expect(encode(Math.fround(levels[code]!))).toBe(code);
  });

  it('never descends', () => {
    fc.assert(
      fc.property(moderate, moderate, (a, b) => {
        expect(encode(Math.min(a, b))).toBeLessThanOrEqual(encode(Math.max(a, b)));
      }),
      { seed: 2 },
    );
  });

  it('gives a code for every float32, infinities included', () => {
    fc.assert(
      fc.property(float32, (u) => {
        const code = encode(u);
        expect(Number.isInteger(code) && code >= 0 && code < levels.length).toBe(true);
      }),
      {
        seed: 3,
        numRuns: 1000,
        examples: [[-0], [0], [1e-45], [-1e-45], [3.4e38], [-3.4e38]].map(([u]) => [Math.fround(u!)]),
      },
    );
    expect(encode(Number.POSITIVE_INFINITY)).toBe(levels.length - 1);
    expect(encode(Number.NEGATIVE_INFINITY)).toBe(0);
  });

  it('is the number of thresholds below u', () => {
    const thresholds = encodingThresholds(name);
    expect(thresholds.length).toBe(levels.length - 1);
    const agree = (u: number) => {
      expect(encode(u)).toBe(thresholds.filter((threshold) => u > threshold).length);
    };
    fc.assert(fc.property(float32, agree), { seed: 6 });
    fc.assert(fc.property(moderate, agree), { seed: 7, numRuns: 1000 });
    for (const threshold of thresholds) {
      // The threshold and the float32 on each side of it (except around zero, where the neighbour is subnormal).
      for (const u of [threshold, threshold * (1 + 2 ** -23), threshold * (1 - 2 ** -23)]) agree(Math.fround(u));
    }
  });
});

describe.each(FORMAT_NAMES.filter((name) => formats[name].encoding.kind !== 'power-of-two'))('%s', (name) => {
  const { levels } = formats[name];
  const encode = encoderOf(name);

  it('takes the nearest level', () => {
    fc.assert(
      fc.property(moderate, (u) => {
        const chosen = Math.abs(levels[encode(u)]! - u);
        const nearest = Math.min(...[...levels].map((level) => Math.abs(level - u)));
        // One float32 rounding near a tie may favour the other side.
        expect(chosen - nearest).toBeLessThanOrEqual(2 ** -24 * Math.max(1, Math.abs(u)));
      }),
      { seed: 4, numRuns: 1000 },
    );
  });
});

describe('FP130', () => {
  const { levels } = formats.FP130;
  const encode = encoderOf('FP130');

  it('takes the sign and the greatest level not above the magnitude', () => {
    fc.assert(
      fc.property(moderate, (u) => {
        const level = levels[encode(u)]!;
        const magnitude = Math.abs(u);
        expect(Math.sign(level)).toBe(u < 0 ? -1 : 1);
        if (magnitude >= 1 && magnitude < 256) {
          expect(Math.abs(level)).toBeLessThanOrEqual(magnitude);
          expect(2 * Math.abs(level)).toBeGreaterThan(magnitude);
        } else expect(Math.abs(level)).toBe(magnitude < 1 ? 1 : 128);
      }),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe('encodingThresholds, by hand', () => {
  it('of Ternary are the largest float32 at or below −½ (exclusive) and ½ (inclusive)', () => {
    // −½ rounds to even, 0, so the largest u with code 0 is the float32 before −½ (magnitude ½ + 2^-24).
    expect([...encodingThresholds('Ternary')]).toEqual([-0.5 - 2 ** -24, 0.5]);
  });

  it('of BinarySym is 0', () => {
    expect([...encodingThresholds('BinarySym')]).toEqual([0]);
  });

  it('of NF4 are the float32 middles between levels', () => {
    const { levels } = formats.NF4;
    const middles = [...levels.slice(1)].map((level, code) => Math.fround((level + levels[code]!) / 2));
    expect([...encodingThresholds('NF4')]).toEqual(middles);
  });
});

it('refuses an encoding that there is not', () => {
  const unchecked = { ...formats['4bit'], encoding: { kind: 'unifrom' } as never };
  expect(() => encoderOf(unchecked)).toThrow(expect.objectContaining({ name: 'QuantError', code: 'invalid-format' }));
});
