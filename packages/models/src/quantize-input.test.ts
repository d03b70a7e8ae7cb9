import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeInput } from './quantize-input.js';
import type { QuantizedModel } from './quantized-model.js';

type Input = Pick<QuantizedModel, 'input'>;
const plain = { divisor: 1, mean: 0, deviation: 1 };
const inputOf = (features: number, preprocessing = plain, scale?: number): Input => ({
  input: {
    shape: [features],
    preprocessing,
    quantization: scale === undefined ? { kind: 'dynamic' } : { kind: 'static', scale },
  },
});

describe('quantizeInput', () => {
  it('maps the largest magnitude of each sample to 127 and rounds halves to even', () => {
    // 254 → scale 0.5: 1·0.5 = 0.5 → 0, 3·0.5 = 1.5 → 2, 5·0.5 = 2.5 → 2, −1 → −0.5 → 0, −3 → −2.
    expect([...quantizeInput(inputOf(6), [254, 1, 3, 5, -1, -3])]).toEqual([127, 0, 2, 2, 0, -2]);
    expect([...quantizeInput(inputOf(2), [1, -2, -4, 4])]).toEqual([64, -127, -127, 127]);
  });

  it('preprocesses MNIST pixels: background −0.4242, white 2.8215', () => {
    const mnist = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
    // −0.1307/0.8693·127 = −19.09; (128/255 − 0.1307)/0.8693·127 = 54.24.
    expect([...quantizeInput(inputOf(3, mnist), Uint8Array.of(0, 255, 128))]).toEqual([-19, 127, 54]);
  });

  it('quantizes constant samples', () => {
    expect([...quantizeInput(inputOf(3), [0, 0, 0])]).toEqual([0, 0, 0]);
    expect([...quantizeInput(inputOf(2), [1e-40, -1e-40])]).toEqual([0, 0]);
    expect([...quantizeInput(inputOf(2), [7, 7])]).toEqual([127, 127]);
    expect([...quantizeInput(inputOf(1), [-1e-12])]).toEqual([-127]);
  });

  it('uses a static scale with saturation', () => {
    expect([...quantizeInput(inputOf(4, plain, 32), [0.5, 4.2, -4.2, 0.046875])]).toEqual([16, 127, -128, 2]);
  });

  it('stays within half a step of the exact quotient', () => {
    const floats = fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(floats, (values) => {
        const max = Math.max(...values.map(Math.abs));
        const quantized = quantizeInput(inputOf(values.length), values);
        if (max < 2 ** -100) return quantized.every((value) => value === 0);
        return values.every((value, i) => Math.abs(quantized[i]! - (value * 127) / max) <= 0.5 + 1e-4);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it('refuses wrong lengths and values that are not finite', () => {
    expect(() => quantizeInput(inputOf(3), [1, 2])).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => quantizeInput(inputOf(3), [])).toThrow(/0 values found, 3 for each sample wanted/);
    expect(() => quantizeInput(inputOf(2), [1, 2, 3, Number.NaN])).toThrow(/NaN at feature 1 of sample 1/);
    expect(() => quantizeInput(inputOf(1), [1e39])).toThrow(/finite/);
  });
});
