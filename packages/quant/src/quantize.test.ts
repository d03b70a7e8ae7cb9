import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomWeights } from './__fixtures__/random-weights.js';
import { dequantizeCodes, integerWeights, quantizeWeights } from './quantize.js';
import { FORMAT_NAMES, formats } from './registry.js';
import { inverseScalesFromClips } from './scale.js';

const refusal = (code: string) => expect.objectContaining({ name: 'QuantError', code });
const clip = fc.float({ noNaN: true, min: Math.fround(1e-6), max: 1e6 });
const weight = fc.float({ noNaN: true, noDefaultInfinity: true });

describe.each(FORMAT_NAMES)('%s', (name) => {
  it('is idempotent: dequantized weights quantize to their own codes and values', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        fc.infiniteStream(weight),
        fc.infiniteStream(clip),
        (outputs, inputs, perOutput, weights, clips) => {
          const inverseScales = inverseScalesFromClips(name, [...clips.take(perOutput ? outputs : 1)]);
          const shape = { outputs, inverseScales };
          const once = quantizeWeights(name, [...weights.take(outputs * inputs)], shape);
          const twice = quantizeWeights(name, once.dequantized, shape);
          expect(twice.codes).toEqual(once.codes);
          expect(twice.dequantized).toEqual(once.dequantized);
        },
      ),
      { seed: 9, numRuns: 300 },
    );
  });

  it('is idempotent for every code at many scales', () => {
    const codes = Uint8Array.from(formats[name].levels, (_, code) => code);
    fc.assert(
      fc.property(clip, (s) => {
        const inverseScales = inverseScalesFromClips(name, s);
        const dequantized = dequantizeCodes(name, codes, { inverseScales });
        expect(quantizeWeights(name, dequantized, { inverseScales }).codes).toEqual(codes);
      }),
      { seed: 10, numRuns: 300 },
    );
  });

  it('does not depend on the scale of the weights when the scale follows by a power of two', () => {
    const weights = randomWeights('normal', 300, 11);
    const base = quantizeWeights(name, weights, { inverseScales: 8 });
    const smaller = quantizeWeights(
      name,
      weights.map((w) => w / 1024),
      { inverseScales: 8 * 1024 },
    );
    expect(smaller.codes).toEqual(base.codes);
    expect(smaller.dequantized).toEqual(base.dequantized.map((w) => w / 1024));
  });

  it('gives each output its own scale', () => {
    const weights = randomWeights('normal', 3 * 50, 12);
    const inverseScales = [4, 10, 0.3];
    const whole = quantizeWeights(name, weights, { outputs: 3, inverseScales });
    inverseScales.forEach((inverse, output) => {
      const row = quantizeWeights(name, weights.subarray(50 * output, 50 * (output + 1)), { inverseScales: inverse });
      expect(whole.codes.subarray(50 * output, 50 * (output + 1))).toEqual(row.codes);
      expect(whole.dequantized.subarray(50 * output, 50 * (output + 1))).toEqual(row.dequantized);
    });
  });

  it('refuses NaN and infinite weights with their index, wrong shapes and scales', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e39]) {
      expect(() => quantizeWeights(name, [0, 1, bad], { inverseScales: 1 })).toThrow(refusal('non-finite-weight'));
      expect(() => quantizeWeights(name, [0, 1, bad], { inverseScales: 1 })).toThrow('Weight 2 ');
    }
    expect(() => quantizeWeights(name, [1, 2, 3], { outputs: 2, inverseScales: 1 })).toThrow(refusal('invalid-shape'));
    expect(() => quantizeWeights(name, [1, 2], { outputs: 0, inverseScales: 1 })).toThrow(refusal('invalid-shape'));
    expect(() => quantizeWeights(name, [1, 2], { outputs: 1.5, inverseScales: 1 })).toThrow(refusal('invalid-shape'));
    expect(() => quantizeWeights(name, [1, 2], { outputs: 2, inverseScales: [1, 1, 1] })).toThrow(
      refusal('invalid-scale'),
    );
    for (const scale of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => quantizeWeights(name, [1], { inverseScales: scale })).toThrow(refusal('invalid-scale'));
    }
    expect(() => dequantizeCodes(name, [300], { inverseScales: 1 })).toThrow(refusal('invalid-code'));
    expect(() => integerWeights(name, [-1])).toThrow(refusal('invalid-code'));
  });

  it('takes an empty tensor, and the largest weights saturate', () => {
    expect(quantizeWeights(name, [], { inverseScales: 1 }).codes.length).toBe(0);
    const { codes } = quantizeWeights(name, [3.4e38, -3.4e38], { inverseScales: 2 ** 100 });
    expect([...codes]).toEqual([formats[name].levels.length - 1, 0]);
  });
});

describe('Binary', () => {
  it('takes the sign after subtracting the mean, of the tensor or of each output', () => {
    // Mean of all is 2.5; of the outputs 1.5 and 3.5.
    const weights = [1, 2, 3, 4];
    expect([...quantizeWeights('Binary', weights, { outputs: 2, inverseScales: 1 }).codes]).toEqual([0, 0, 1, 1]);
    expect([...quantizeWeights('Binary', weights, { outputs: 2, inverseScales: [1, 1] }).codes]).toEqual([0, 1, 0, 1]);
    expect([...quantizeWeights('BinarySym', weights, { outputs: 2, inverseScales: 1 }).codes]).toEqual([1, 1, 1, 1]);
  });

  it('keeps the sign of constant weights', () => {
    expect([...quantizeWeights('Binary', [0.1, 0.1, 0.1], { inverseScales: 10 }).codes]).toEqual([1, 1, 1]);
    expect([...quantizeWeights('Binary', [-7], { inverseScales: 1 }).codes]).toEqual([0]);
  });
});

describe('integerWeights', () => {
  it('looks codes up', () => {
    expect([...integerWeights('4bitsym', [0, 7, 8, 15])]).toEqual([-15, -1, 1, 15]);
    expect([...integerWeights('FP130', Uint8Array.of(0, 7, 8, 15))]).toEqual([-128, -1, 1, 128]);
  });
});
