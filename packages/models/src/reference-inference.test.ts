import { describe, expect, it } from 'vitest';
import { conformanceInputs } from './conformance/random-inputs.js';
import { conformanceModel } from './conformance/random-model.js';
import { runConformance } from './conformance/run-conformance.js';
import { argmax, classCount, classOf } from './inference.js';
import type { QuantizedModel } from './quantized-model.js';
import { ReferenceInference, ReferenceModel } from './reference-inference.js';
import { NaiveInference } from './testing/naive-inference.js';
import { handWorkedLinear, modelOf, weightsOf } from './testing/small-models.js';

const infer = (model: QuantizedModel, input: number[]) => [
  ...new ReferenceModel(model).infer(Int8Array.from(input), 1),
];

describe('reference inference, worked by hand', () => {
  it('runs linear, ShiftNorm, linear with output shifts and bias', () => {
    // fc1: 15·100 − 1·(−50) + 3·7 = 1571; −7·100 + 5·(−50) + 7 = −943. max >> 7 = 12, 4 bits: shift 4.
    // relu1: (1571 + 8) >> 4 = 98; negative → 0. fc2: 3·98 + 5 = 299; (−3·98 << 2) − 7 = −1183.
    expect(infer(handWorkedLinear(), [100, -50, 7])).toEqual([299, -1183]);
    const trace = new ReferenceModel(handWorkedLinear()).trace(Int8Array.of(100, -50, 7));
    expect(trace.map(({ name, op }) => `${name}:${op}`)).toEqual([
      'input:input',
      'fc1:linear',
      'relu1:shiftNorm',
      'fc2:linear',
    ]);
    expect(trace.map(({ values }) => values)).toEqual([
      Int8Array.of(100, -50, 7),
      Int32Array.of(1571, -943),
      Int8Array.of(98, 0),
      Int32Array.of(299, -1183),
    ]);
  });

  it('clips ShiftNorm at 127 where rounding would give 128', () => {
    // acc = 255: 255 >> 7 = 1, shift 1, (255 + 1) >> 1 = 128 → 127; 254 → 127; 253 → 127; 1 → 1.
    const integers = [1, 0, 0, 0];
    const model = modelOf(
      [2],
      [
        {
          name: 'a',
          op: 'linear',
          inputs: ['input'],
          inFeatures: 2,
          outFeatures: 2,
          weights: weightsOf('8bit', [2, 1, 0, 1]),
        },
        { name: 'n', op: 'shiftNorm', inputs: ['a'], activation: 'relu' },
        {
          name: 'b',
          op: 'linear',
          inputs: ['n'],
          inFeatures: 2,
          outFeatures: 2,
          weights: weightsOf('8bit', [integers[0]!, 0, 0, 1]),
        },
      ],
    );
    expect(infer(model, [127, 1])).toEqual([127, 1]);
    expect(infer(model, [64, 0])).toEqual([64, 0]);
    expect(infer(model, [63, 1])).toEqual([127, 1]);
    expect(infer(model, [0, 0])).toEqual([0, 0]);
    expect(infer(model, [-128, -1])).toEqual([0, 0]);
  });

  it('convolves, shifts, pools, crops and averages', () => {
    // 1×4×4 image 1…16; kernel [[1, 0], [0, −1]] doubled: every output 2·(x[y][x] − x[y+1][x+1]) = 2·(−5) = −10, + bias 42 = 32.
    const image = Array.from({ length: 16 }, (_, i) => i + 1);
    const conv = {
      name: 'conv',
      op: 'conv2d',
      inputs: ['input'],
      inChannels: 1,
      outChannels: 1,
      kernel: [2, 2],
      stride: [1, 1],
      padding: [0, 0],
      groups: 1,
      weights: weightsOf('4bit', [1, 0, 0, -1], { outputShifts: Uint8Array.of(1), bias: Int32Array.of(42) }),
    } as const;
    expect(infer(modelOf([1, 4, 4], [conv]), image)).toEqual(new Array(9).fill(32));
    expect(
      infer(modelOf([1, 4, 4], [conv, { name: 'r', op: 'reluShift', inputs: ['conv'], shift: 3 }]), image),
    ).toEqual(new Array(9).fill(4));
    // Padding 1, stride 2: 2·(0−1, 0−3, 0−0, 0−9, 6−11, 8−0, 0−0, 14−0, 16−0) + 42.
    const padded = { ...conv, padding: [1, 1], stride: [2, 2] } as const;
    expect(infer(modelOf([1, 4, 4], [padded]), image)).toEqual([40, 36, 42, 24, 32, 58, 42, 70, 74]);

    const accumulate = (input: string) =>
      ({ name: 'w', op: 'add', inputs: [input, input], leftShift: [0, 0] }) as const;
    const widen = (input: string) => ({ name: 'w', op: 'reluShift', inputs: [input], shift: 0 }) as const;
    const max = {
      name: 'p',
      op: 'maxPool2d',
      inputs: ['input'],
      size: [2, 2],
      stride: [2, 2],
      padding: [0, 0],
    } as const;
    expect(infer(modelOf([1, 4, 4], [max, widen('p')]), image)).toEqual([6, 8, 14, 16]);
    const mean = { ...max, op: 'avgPool2d', countIncludePad: true } as const;
    // (1 + 2 + 5 + 6) >> 2 = 3, …
    expect(infer(modelOf([1, 4, 4], [mean, widen('p')]), image)).toEqual([3, 5, 11, 13]);
    // 3×3 windows: (54·7282 + 32768) >> 16 = 6, (63·7282 + 32768) >> 16 = 7.
    expect(
      infer(modelOf([1, 4, 4], [{ ...mean, size: [3, 3], stride: [1, 1], padding: [0, 0] }, widen('p')]), image),
    ).toEqual([6, 7, 10, 11]);
    // Two rows of 1×3 windows from column −1 in steps of 2: columns −1 … 1 and 1 … 3.
    const row = { size: [1, 3], stride: [2, 2], padding: [0, 1] } as const;
    const negative = image.map((value) => -value);
    expect(infer(modelOf([1, 4, 4], [{ ...max, ...row }, widen('p')]), image)).toEqual([2, 4, 10, 12]);
    expect(infer(modelOf([1, 4, 4], [{ ...max, ...row }, accumulate('p')]), negative)).toEqual([-2, -4, -18, -20]);
    // (1 + 2) >> 1 = 1 of two values, (3·21845 + 32768) >> 16 = 1 of three with a zero; (2 + 3 + 4) / 3 = 3.
    const outside = { ...mean, ...row, countIncludePad: false } as const;
    expect(infer(modelOf([1, 4, 4], [outside, widen('p')]), image)).toEqual([1, 3, 9, 11]);
    expect(infer(modelOf([1, 4, 4], [{ ...mean, ...row }, widen('p')]), image)).toEqual([1, 3, 6, 11]);
    const crop = { name: 'c', op: 'crop', inputs: ['input'], top: 1, left: 2, height: 2, width: 2 } as const;
    expect(infer(modelOf([1, 4, 4], [crop, widen('c')]), image)).toEqual([7, 8, 11, 12]);
  });

  it('looks int8 up in tables', () => {
    // The square of x + 1, clipped at 100: 81 at −10, 0 at −1, 1 at 0, 16 at 3.
    const table = Array.from({ length: 256 }, (_, i) => Math.min(100, (i - 127) ** 2));
    const model = modelOf(
      [5],
      [
        { name: 't', op: 'lookup', inputs: ['input'], table },
        { name: 'w', op: 'reluShift', inputs: ['t'], shift: 0 },
      ],
    );
    expect(infer(model, [-128, -10, -1, 0, 3])).toEqual([100, 81, 0, 1, 16]);
    expect(new ReferenceModel(model).trace(Int8Array.of(127, 0, 0, 0, 0))[1]!.values).toEqual(
      Int8Array.of(100, 1, 1, 1, 1),
    );
  });

  it('floors negative means and rounds requantization halves up', () => {
    const identity = {
      name: 'a',
      op: 'linear',
      inputs: ['input'],
      inFeatures: 1,
      outFeatures: 1,
      weights: weightsOf('4bit', [1]),
    } as const;
    const model = modelOf(
      [1],
      [identity, { name: 'q', op: 'requantize', inputs: ['a'], shift: 2, min: -1000, max: 20 }],
    );
    expect([-6, -5, -3, -2, 1, 2, 6, 127].map((x) => infer(model, [x])[0])).toEqual([-1, -1, -1, 0, 0, 1, 2, 20]);
    const mean = {
      name: 'm',
      op: 'avgPool2d',
      inputs: ['input'],
      size: [2, 2],
      stride: [2, 2],
      padding: [0, 0],
      countIncludePad: true,
    } as const;
    const add = { name: 's', op: 'add', inputs: ['m', 'm'], leftShift: [0, 3] } as const;
    // (−1 −1 −1 + 0) >> 2 = −1; −1 + (−1 << 3) = −9.
    expect(infer(modelOf([1, 2, 2], [mean, add]), [-1, -1, -1, 0])).toEqual([-9]);
  });
});

describe('reference inference against a second implementation', () => {
  it('agrees on 100 random models', async () => {
    const report = await runConformance(new NaiveInference(), { models: 100, seed: 7, samples: 7 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(100);
  });

  it('gives the same logits for a batch as one by one, and leaves its inputs alone', () => {
    for (let index = 0; index < 40; index++) {
      const reference = new ReferenceModel(conformanceModel(3, index));
      const inputs = conformanceInputs(3, index, reference.inputs, 6);
      const copy = inputs.slice();
      const batch = reference.infer(inputs, 6);
      for (let s = 5; s >= 0; s--) {
        const one = reference.infer(inputs.slice(s * reference.inputs, (s + 1) * reference.inputs), 1);
        expect(one).toEqual(batch.slice(s * reference.outputs, (s + 1) * reference.outputs));
      }
      expect(inputs).toEqual(copy);
    }
  });
});

describe('ReferenceInference', () => {
  it('refuses wrong lengths and use after close', async () => {
    const loaded = await new ReferenceInference().load(handWorkedLinear());
    expect(loaded.outputs).toBe(2);
    expect(() => loaded.infer(new Int8Array(4), 1)).toThrow(/4 input values found for 1 samples, 3 wanted/);
    expect(loaded.infer(new Int8Array(0), 0)).toEqual(new Int32Array(0));
    loaded.close();
    expect(() => loaded.infer(new Int8Array(3), 1)).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('refuses a model that could overflow', async () => {
    const bias = Int32Array.of(2 ** 31 - 1);
    const weights = weightsOf('8bit', [1], { bias });
    const model = modelOf(
      [1],
      [{ name: 'fc', op: 'linear', inputs: ['input'], inFeatures: 1, outFeatures: 1, weights }],
    );
    await expect(new ReferenceInference().load(model)).rejects.toMatchObject({ code: 'accumulator-overflow' });
  });

  it('takes the first maximum', () => {
    expect(argmax([1, 5, 5, 2])).toBe(1);
    expect(argmax([-3, -3])).toBe(0);
    expect(argmax(Int32Array.of(9, 0, 1, 2, 7, 7), 2, 4)).toBe(2);
  });

  it('makes a class of several logits by their maximum, of one by its sign', () => {
    expect(classOf([1, 5, 5, 2])).toBe(1);
    expect(classOf(Int32Array.of(9, 0, 1, 2, 7, 7), 2, 4)).toBe(2);
    // sigmoid(-1) = 0.27, sigmoid(0) = 0.5, sigmoid(1) = 0.73: above one half is class 1.
    expect([-1, 0, 1].map((logit) => classOf([logit]))).toEqual([0, 0, 1]);
    expect(classOf(Int32Array.of(-4, 3), 1, 1)).toBe(1);
    expect([1, 2, 10].map(classCount)).toEqual([2, 2, 10]);
  });
});
