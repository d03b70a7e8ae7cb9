// Raw values of bytes, and graphs on them: numbers worked by hand.

import { ReferenceInference } from '@bitnetmcu/models';
import { type RawInput, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { graphOf, node } from '../onnx/__fixtures__/build-graph.js';
import { onnxReference } from '../onnx/import/onnx-reference.js';
import { quantize } from '../quantize.js';
import { compareWithFloat } from './compare.js';
import { rawValues } from './raw-values.js';

/** int8 = raw − low − 128: the byte is raw − low. */
const steps = (name: string, decimals: number, low: number) =>
  ({
    name,
    decimals,
    low,
    high: low + 255,
    curve: 'linear',
    preShift: 0,
    multiplier: 2,
    bias: -255,
    shift: 1,
  }) as const;
const raw: RawInput = { kind: 'table', type: 'i16', features: [steps('a', 0, 300), steps('b', 2, -50)] };

describe('rawValues', () => {
  it('gives the values that bytes were made of, each column in its unit', () => {
    // 300 + 200; (−50 + 100)/100. 300 + 0; (−50 + 255)/100.
    const values = rawValues(Uint8Array.of(200, 100, 0, 255), [2], { raw });
    for (const [i, value] of [500, 0.5, 300, 2.05].entries()) expect(values[i]).toBeCloseTo(value, 4);
  });

  it('lies in the middle of what becomes one int8', () => {
    // (t − 512) >> 2 is −118 from t = 40 up to 44: the middle is 42.
    const coarse = { ...steps('a', 0, 0), high: 1000, multiplier: 1, bias: -512, shift: 2 };
    const [value] = rawValues(Uint8Array.of(10), [1], { raw: { ...raw, features: [coarse] } });
    expect(value).toBeCloseTo(42, 5);
  });

  it('gives standardized columns, and refuses numbers that do not fit', () => {
    const standardized = { mean: [400, 0], deviation: [50, 0.25] };
    const values = rawValues(Uint8Array.of(200, 100), [2], { raw, standardized });
    expect([values[0], values[1]]).toEqual([expect.closeTo(2, 4), expect.closeTo(2, 4)]);
    expect(() => rawValues(Uint8Array.of(1, 2), [2], { raw, standardized: { mean: [1], deviation: [1] } })).toThrow(
      'a finite one for each of 2 columns',
    );
    expect(() => rawValues(Uint8Array.of(1, 2, 3), [3], { raw })).toThrow(
      'has 2 columns, a sample of the graph 3 values',
    );
    const log = { ...steps('flow', 0, 0), curve: 'log2' } as const;
    expect(() => rawValues(Uint8Array.of(1), [1], { raw: { ...raw, features: [log] } })).toThrow(
      'flow is taken by its logarithm',
    );
  });
});

describe('quantize with raw values', () => {
  const tensor = (shape: number[], ...data: number[]) => ({
    type: 'float32' as const,
    shape,
    data: Float32Array.from(data),
  });
  /** (a − 430)/70 − (b − 0.8)/0.5, and its opposite. */
  const graph = graphOf(
    ['batch', 2],
    { centre: tensor([2], 430, 0.8), spread: tensor([2], 70, 0.5), weights: tensor([2, 2], 1, -1, -1, 1) },
    [node('Sub', ['x', 'centre'], 'u'), node('Div', ['u', 'spread'], 'v'), node('MatMul', ['v', 'weights'], 'y')],
  );
  const samples = Uint8Array.from({ length: 400 }, (_, i) => (i * 97 + 13 * (i >> 3)) % 256);

  it('gives the logits of the graph on the values, and a model that takes them', async () => {
    const { model, report } = quantize(graph, { raw, calibration: { samples } });
    expect(model.input).toEqual({
      shape: [2],
      preprocessing: { divisor: 32, mean: 4, deviation: 1 },
      quantization: { kind: 'static', scale: 32 },
      raw,
    });
    const loaded = await new ReferenceInference().load(model);
    const logits = await loaded.infer(
      Int8Array.from(samples, (byte) => byte - 128),
      200,
    );
    for (let s = 0; s < 200; s++) {
      const [a, b] = [300 + samples[2 * s]!, (samples[2 * s + 1]! - 50) / 100];
      expect(Math.abs(logits[2 * s]! * report.logitScale! - ((a - 430) / 70 - (b - 0.8) / 0.5))).toBeLessThan(0.06);
    }
    const comparison = await compareWithFloat(model, loaded, onnxReference(graph, [2]), samples);
    expect(comparison.agreement).toBeGreaterThan(0.99);
    expect(comparison.differences.relative).toBeLessThan(0.02);
  });

  it('leaves out the graph’s own quantization of the whole input: each column has finer steps', () => {
    const scales = {
      step: tensor([], 4),
      zero: { type: 'int8' as const, shape: [], data: Int8Array.of(0) },
      w: tensor([2, 1], 0.01, 1),
    };
    const qdq = graphOf(['batch', 2], scales, [
      node('QuantizeLinear', ['x', 'step', 'zero'], 'q'),
      node('DequantizeLinear', ['q', 'step', 'zero'], 'd'),
      node('MatMul', ['d', 'w'], 'y'),
    ]);
    const { model, report } = quantize(qdq, { raw, calibration: { samples } });
    const logits = new ReferenceModel(model).infer(Int8Array.of(72, 22), 1);
    // 300 + 200 and (150 − 50)/100: 5 + 1. With steps of 4 the second column would be 0.
    expect(logits[0]! * report.logitScale!).toBeCloseTo(6, 1);
  });

  it('answers a regression in its unit', () => {
    const one = graphOf(['batch', 2], { weights: tensor([2, 1], 0.1, 20) }, [node('MatMul', ['x', 'weights'], 'y')]);
    const value = { name: 'flow', decimals: 1, mean: 0, deviation: 1, low: 0, high: 100 };
    const { model } = quantize(one, { raw, calibration: { samples }, output: { task: 'regression', values: [value] } });
    expect(model.output).toMatchObject({ task: 'regression', values: [{ name: 'flow', decimals: 1 }] });
  });

  it('refuses an image whose values have scales of their own', () => {
    const image = graphOf(['batch', 1, 1, 2], { weights: tensor([2, 1, 1, 1], 1, 2) }, [
      node('Conv', ['x', 'weights'], 'y'),
    ]);
    expect(() => quantize(image, { raw, calibration: { samples } })).toThrow(
      'each value of a sample has a scale of its own',
    );
  });

  it('keeps padding zero in the unit of the values', async () => {
    // A signal of one channel, 300 … 555, averaged over 3 with zeros around: at the ends two thirds of the mean of two.
    const signal = { ...raw, kind: 'signal' as const, features: [steps('a', 0, 300)] };
    const mean = graphOf(['batch', 1, 4], { weights: tensor([1, 1, 3], 1 / 3, 1 / 3, 1 / 3) }, [
      node('Conv', ['x', 'weights'], 'y', { pads: [1, 1], kernel_shape: [3] }),
    ]);
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * 61) % 256);
    const { model, report } = quantize(mean, { raw: signal, calibration: { samples: bytes } });
    const loaded = await new ReferenceInference().load(model);
    const logits = await loaded.infer(
      Int8Array.from(bytes.subarray(0, 4), (byte) => byte - 128),
      1,
    );
    const x = Array.from(bytes.subarray(0, 4), (byte) => byte + 300);
    const wanted = [(x[0]! + x[1]!) / 3, (x[0]! + x[1]! + x[2]!) / 3, (x[1]! + x[2]! + x[3]!) / 3, (x[2]! + x[3]!) / 3];
    for (const [i, value] of wanted.entries())
      expect(Math.abs(logits[i]! * report.logitScale! - value)).toBeLessThan(6);
  });
});
