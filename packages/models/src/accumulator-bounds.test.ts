import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { proveAccumulatorBounds } from './accumulator-bounds.js';
import { conformanceInputs } from './conformance/random-inputs.js';
import { conformanceModel } from './conformance/random-model.js';
import type { QuantizedModel } from './quantized-model.js';
import { randomWeights } from './random/random-weights.js';
import { SeededRandom } from './random/seeded-random.js';
import { ReferenceModel } from './reference-inference.js';
import { modelOf, weightsOf } from './testing/small-models.js';

/** Every input whose values are all −128 or 127. */
function corners(features: number): Int8Array[] {
  return Array.from({ length: 2 ** features }, (_, number) =>
    Int8Array.from({ length: features }, (_, i) => (Math.floor(number / 2 ** i) % 2 === 0 ? -128 : 127)),
  );
}

function attained(model: QuantizedModel, inputs: readonly Int8Array[]): Map<string, { min: number; max: number }> {
  const reference = new ReferenceModel(model);
  const ranges = new Map<string, { min: number; max: number }>();
  for (const input of inputs) {
    for (const { name, values } of reference.trace(input)) {
      const range = ranges.get(name) ?? { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
      ranges.set(name, { min: Math.min(range.min, ...values), max: Math.max(range.max, ...values) });
    }
  }
  return ranges;
}

describe('proveAccumulatorBounds', () => {
  it('is exact for linear layers: the bounds are attained at corners of the input cube', () => {
    const random = new SeededRandom(11);
    for (const format of FORMAT_NAMES) {
      const weights = randomWeights(random, format, 3, 5, 1);
      const model = modelOf(
        [5],
        [{ name: 'fc', op: 'linear', inputs: ['input'], inFeatures: 5, outFeatures: 3, weights }],
      );
      expect(proveAccumulatorBounds(model)[0]!.output, format).toEqual(attained(model, corners(5)).get('fc'));
    }
  });

  it('is exact for convolution, ReLU shift and pooling on a small map', () => {
    const random = new SeededRandom(12);
    for (let run = 0; run < 20; run++) {
      const weights = randomWeights(random, random.pick(FORMAT_NAMES), 2, 4, 1);
      const conv = {
        inChannels: 1,
        outChannels: 2,
        kernel: [2, 2],
        stride: [1, 1],
        padding: [0, 0],
        groups: 1,
        weights,
      } as const;
      const model = modelOf(
        [1, 3, 3],
        [
          { name: 'conv', op: 'conv2d', inputs: ['input'], ...conv },
          { name: 'relu', op: 'reluShift', inputs: ['conv'], shift: 2 },
          { name: 'pool', op: 'maxPool2d', inputs: ['relu'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
        ],
      );
      const ranges = attained(model, corners(9));
      for (const { name, output } of proveAccumulatorBounds(model))
        expect(output.max, name).toBe(ranges.get(name)!.max);
      expect(proveAccumulatorBounds(model)[0]!.output).toEqual(ranges.get('conv'));
    }
  });

  it('holds every value of every node on random models', () => {
    for (let index = 0; index < 80; index++) {
      const model = conformanceModel(21, index);
      const features = new ReferenceModel(model).inputs;
      const inputs = conformanceInputs(21, index, features, 12);
      const ranges = attained(
        model,
        Array.from({ length: 12 }, (_, s) => inputs.slice(s * features, (s + 1) * features)),
      );
      for (const bounds of proveAccumulatorBounds(model)) {
        const { min, max } = ranges.get(bounds.name)!;
        expect(min).toBeGreaterThanOrEqual(bounds.output.min);
        expect(max).toBeLessThanOrEqual(bounds.output.max);
        expect(bounds.accumulator.min).toBeLessThanOrEqual(bounds.output.min);
        expect(bounds.accumulator.max).toBeGreaterThanOrEqual(bounds.output.max);
        expect(bounds.int16Sufficient).toBe(bounds.output.min >= -32768 && bounds.output.max <= 32767);
      }
    }
  });

  it('counts partial sums in any order', () => {
    // 100·x0 − 100·x1: the sum is within ±25 500, and so is every partial sum; with x0 = x1 it would be 0.
    const weights = weightsOf('8bit', [100, -100], { bias: Int32Array.of(1000) });
    const model = modelOf(
      [2],
      [{ name: 'fc', op: 'linear', inputs: ['input'], inFeatures: 2, outFeatures: 1, weights }],
    );
    expect(proveAccumulatorBounds(model)[0]).toEqual({
      name: 'fc',
      accumulator: { min: -25_500, max: 26_500 },
      output: { min: -24_500, max: 26_500 },
      int16Sufficient: true,
      int16Accumulator: true,
    });
  });

  it('accepts the last int32 and refuses the next', () => {
    // FP130 128·127·n·2^s: n = 4, s = 15 → 2 130 706 432 and −2 147 483 648, which is the smallest int32.
    const fc = (bias: number) =>
      modelOf(
        [4],
        [
          {
            name: 'fc',
            op: 'linear',
            inputs: ['input'],
            inFeatures: 4,
            outFeatures: 1,
            weights: weightsOf('FP130', [128, 128, 128, 128], {
              outputShifts: Uint8Array.of(15),
              bias: Int32Array.of(bias),
            }),
          },
        ],
      );
    expect(proveAccumulatorBounds(fc(0))[0]!.output).toEqual({ min: -2_147_483_648, max: 2_130_706_432 });
    expect(() => proveAccumulatorBounds(fc(-1))).toThrow(
      expect.objectContaining({
        code: 'accumulator-overflow',
        message: expect.stringMatching(/'fc' \(linear\) can reach -2147483649.*shift/s),
      }),
    );
    expect(() => proveAccumulatorBounds(fc(16_777_216))).toThrow(/can reach 2147483648/);
  });

  it('refuses four convolutions in a row without enough shift, and names the node', () => {
    const weights = weightsOf('8bit', new Array(9).fill(127));
    const layers = [1, 2, 3, 4].flatMap((n) => [
      {
        name: `conv${n}`,
        op: 'conv2d',
        inputs: [n === 1 ? 'input' : `relu${n - 1}`],
        inChannels: 1,
        outChannels: 1,
        kernel: [3, 3],
        stride: [1, 1],
        padding: [0, 0],
        groups: 1,
        weights,
      } as const,
      { name: `relu${n}`, op: 'reluShift', inputs: [`conv${n}`], shift: 4 } as const,
    ]);
    expect(() => proveAccumulatorBounds(modelOf([1, 16, 16], layers))).toThrow(/Node 'conv4'/);
  });

  it('takes the entries of a table that its input reaches', () => {
    // |x| of −5 … 3: at most 5, at least 0.
    const nodes = [
      { name: 'fc', op: 'linear', inputs: ['input'], inFeatures: 1, outFeatures: 1, weights: weightsOf('4bit', [1]) },
      { name: 'q', op: 'requantize', inputs: ['fc'], shift: 0, min: -5, max: 3 },
      { name: 't', op: 'lookup', inputs: ['q'], table: Array.from({ length: 256 }, (_, i) => Math.abs(i - 128) % 128) },
    ] as const;
    expect(proveAccumulatorBounds(modelOf([1], nodes))[2]!.output).toEqual({ min: 0, max: 5 });
  });

  it('proves the rounding of ShiftNorm, requantization and averages', () => {
    const bias = (value: number) => weightsOf('Ternary', [0], { bias: Int32Array.of(value) });
    const after = (
      value: number,
      node:
        | { op: 'shiftNorm' | 'maxAbsNorm'; activation: 'relu' }
        | { op: 'requantize'; shift: number; min: number; max: number },
    ) =>
      modelOf(
        [1],
        [
          { name: 'fc', op: 'linear', inputs: ['input'], inFeatures: 1, outFeatures: 1, weights: bias(value) },
          { name: 'next', inputs: ['fc'], ...node },
        ],
      );
    const shiftNorm = { op: 'shiftNorm', activation: 'relu' } as const;
    // Shift 24 adds 2^23: 2^31 − 1 − 2^23 is the last that fits.
    expect(proveAccumulatorBounds(after(2 ** 31 - 1 - 2 ** 23, shiftNorm))[1]!.accumulator.max).toBe(2 ** 31 - 1);
    expect(() => proveAccumulatorBounds(after(2 ** 31 - 2 ** 23, shiftNorm))).toThrow(/'next' \(shiftNorm\)/);
    // Never refused: 254·a + d is at most 255·(2^23 − 1).
    const maxAbsNorm = { op: 'maxAbsNorm', activation: 'relu' } as const;
    expect(proveAccumulatorBounds(after(2 ** 31 - 1, maxAbsNorm))[1]).toMatchObject({
      accumulator: { max: 255 * (2 ** 23 - 1) },
      output: { min: 0, max: 127 },
    });
    const requantize = { op: 'requantize', shift: 10, min: -8, max: 7 } as const;
    expect(() => proveAccumulatorBounds(after(2 ** 31 - 512, requantize))).toThrow(/'next' \(requantize\)/);
    expect(proveAccumulatorBounds(after(2 ** 31 - 513, requantize))[1]!.output).toEqual({ min: 7, max: 7 });
  });
});
