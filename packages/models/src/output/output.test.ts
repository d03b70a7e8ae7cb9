// Answers of models that are no classes: the integers of values and scores, and what is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { requireOutput } from './check-output.js';
import { decide, type ModelOutput, makeLogitScale, scaleLogit } from './index.js';

/** y = logit, held within −10 … 10. */
const plain = { low: -10, high: 10, preShift: 0, multiplier: 1, bias: 0, shift: 0, offset: -10 };

describe('scaleLogit', () => {
  it('is offset + ((logit − low >> preShift)·multiplier + bias >> shift)', () => {
    // By hand: 1000 − (−24) = 1024; >> 2 is 256; ·3 + 128 = 896; >> 8 is 3; − 7 is −4.
    const scale = { low: -24, high: 5000, preShift: 2, multiplier: 3, bias: 128, shift: 8, offset: -7 };
    expect(scaleLogit(scale, 1000)).toBe(-4);
    expect(scaleLogit(scale, -(2 ** 31))).toBe(-7); // 128 >> 8 is 0
  });

  it('takes sums of more than 31 bits as unsigned', () => {
    // (2³² − 1)/65536 of an unsigned sum is 65535; as a signed one it would be −1.
    const scale = { low: 0, high: 65_535, preShift: 0, multiplier: 65_535, bias: 131_070, shift: 16, offset: 0 };
    expect(scaleLogit(scale, 65_535)).toBe(65_535);
  });
});

describe('makeLogitScale', () => {
  it('gives the line to within half a step and 16 bits of the multiplier, and never leaves the ends', () => {
    const settings = fc.tuple(
      fc.double({ min: 1e-4, max: 10, noNaN: true }),
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: -30_000, max: 30_000 }),
      fc.integer({ min: 100, max: 60_000 }),
      fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 10 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }),
    );
    fc.assert(
      fc.property(settings, ([slope, intercept, least, width, logits, shares]) => {
        const most = least + width;
        const scale = makeLogitScale({ slope, intercept }, [least, most], 'y');
        for (const logit of logits) {
          const got = scaleLogit(scale, logit);
          expect(got).toBeGreaterThanOrEqual(least);
          expect(got).toBeLessThanOrEqual(most);
        }
        for (const share of shares) {
          const logit = Math.round(scale.low + share * (scale.high - scale.low));
          const exact = slope * logit + intercept;
          // A pre-shift drops less than 2 of 2^15 positions, the multiplier is rounded at its 15th bit or better.
          const tolerance = 0.5 + (width * 2) / 2 ** 15 + width / 2 ** 15;
          expect(Math.abs(scaleLogit(scale, logit) - exact)).toBeLessThanOrEqual(tolerance + 1e-6);
        }
      }),
    );
  });

  it('never leaves the ends where the rounded multiplier would pass them', () => {
    let state = 1;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    for (let i = 0; i < 100_000; i++) {
      const slope = 10 ** (8 * random() - 6);
      const least = Math.floor(1e6 * (random() - 0.5));
      const most = least + 500 + Math.floor(1e5 * random());
      const intercept = least + random() * (most - least);
      const scale = makeLogitScale({ slope, intercept }, [least, most], 'y');
      const found = [scaleLogit(scale, -(2 ** 31)), scaleLogit(scale, 2 ** 31 - 1)];
      if (found[0]! < least || found[1]! > most)
        expect.unreachable(JSON.stringify({ slope, intercept, least, most, found }));
    }
  });

  it('refuses what has no integers, with the remedy', () => {
    expect(() => makeLogitScale({ slope: 1e-9, intercept: 0 }, [5, 5], 'y')).toThrow(/use fewer decimals/);
    expect(() => makeLogitScale({ slope: 100, intercept: 0 }, [1, 20], 'load')).toThrow(
      /load have no integers: all answers are one logit/,
    );
  });
});

describe('decide', () => {
  it('answers values in the order of the logits, held within their ends', () => {
    const value = { name: 'y', decimals: 1, ...plain };
    const output: ModelOutput = { task: 'regression', values: [value, { ...value, multiplier: 2 }] };
    // −10 + (3 + 10) and −10 + (−2 + 10)·2; 99 counts as 10.
    expect(decide({ output }, [], [3, -2])).toEqual({ task: 'regression', values: [3, 6] });
    expect(decide({ output }, [], [99, -99])).toEqual({ task: 'regression', values: [10, -10] });
  });

  it('scores by the squared distance from the input, and calls only what is above the threshold an anomaly', () => {
    const output: ModelOutput = { task: 'anomaly', reconstruction: plain, threshold: 25, quantile: 0.99 };
    expect(decide({ output }, [4, -3], [1, 1])).toEqual({ task: 'anomaly', score: 25, isAnomaly: false });
    expect(decide({ output }, [4, -3], [0, 1])).toEqual({ task: 'anomaly', score: 32, isAnomaly: true });
  });

  it('takes the signs of several labels, and the largest logit of classes', () => {
    expect(decide({ output: { task: 'multiLabel' } }, [], [1, 0, -1])).toEqual({
      task: 'multiLabel',
      labels: [true, false, false],
    });
    expect(decide({}, [], [1, 7, 7])).toEqual({ task: 'classification', class: 1 });
  });
});

describe('requireOutput', () => {
  const sizes = { inputs: 4, outputs: 1 };
  it.each<[string, ModelOutput, RegExp]>([
    [
      'too many values',
      { task: 'regression', values: [plain, plain].map((scale) => ({ name: 'y', decimals: 0, ...scale })) },
      /of 2 values has 1 logits/,
    ],
    [
      'a range that is none',
      { task: 'regression', values: [{ name: 'y', decimals: 0, ...plain, low: 10 }] },
      /low 10 is not below/,
    ],
    [
      'positions of over 16 bits',
      { task: 'regression', values: [{ name: 'y', decimals: 0, ...plain, high: 2 ** 20 }] },
      /larger preShift/,
    ],
    [
      'sums of over 32 bits',
      {
        task: 'regression',
        values: [{ name: 'y', decimals: 0, ...plain, high: 65_000, multiplier: 65_535, bias: 2 ** 32 - 1 }],
      },
      /leaves 32 bits/,
    ],
    [
      'answers of over 31 bits',
      { task: 'regression', values: [{ name: 'y', decimals: 0, ...plain, offset: 2 ** 31 - 1 }] },
      /leaves int32/,
    ],
    [
      'an autoencoder of other size',
      { task: 'anomaly', reconstruction: plain, threshold: 1, quantile: 0.9 },
      /as many outputs as inputs/,
    ],
  ])('refuses %s', (_, output, message) => {
    expect(() => requireOutput(output, sizes)).toThrow(message);
  });

  it.each([
    [{ ...plain, high: 400 }, /reconstruction: it goes from -10 to 400, −128 … 127 wanted/],
    [{ ...plain, offset: -129 }, /it goes from -129 to -109/],
    [{ ...plain, multiplier: 6, bias: 18 }, /it goes from 8 to 128/],
  ])('refuses a reconstruction that is no int8', (reconstruction, message) => {
    const output = (scale: typeof plain): ModelOutput => ({
      ...{ task: 'anomaly', reconstruction: scale, threshold: 1, quantile: 0.9 },
    });
    expect(() => requireOutput(output(reconstruction), { inputs: 1, outputs: 1 })).toThrow(message);
    expect(() =>
      requireOutput(output({ ...reconstruction, high: 9, offset: -128 }), { inputs: 1, outputs: 1 }),
    ).not.toThrow();
  });

  it('refuses more labels than a mask has bits', () => {
    expect(() => requireOutput({ task: 'multiLabel' }, { inputs: 4, outputs: 33 })).toThrow(/at most 32/);
    expect(() => requireOutput({ task: 'multiLabel' }, { inputs: 4, outputs: 32 })).not.toThrow();
  });

  it('is part of reading a network', () => {
    const spec = (outputs: number) => ({
      name: 'n',
      input: { shape: [3] },
      layers: [{ type: 'linear', name: 'fc', outputs, weights: { format: '8bit' } }],
      output: { task: 'anomaly' },
    });
    expect(() => parseNetworkSpec(spec(2))).toThrow(/3 inputs has 2 outputs/);
    expect(parseNetworkSpec(spec(3)).output).toEqual({ task: 'anomaly', quantile: 0.99 });
  });
});
