// Tables of activation functions, worked by hand and against the float network.
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import type { FloatNetwork } from '../../float/float-network.js';
import { forwardNetwork } from '../../float/forward-network.js';
import { graphOf, node, randomTensor } from '../../onnx/__fixtures__/build-graph.js';
import { uniform } from '../../onnx/__fixtures__/fixtures.js';
import { importFloatNetwork } from '../../onnx/import/import-graph.js';
import { activationTable } from './lookup.js';
import { quantizeStatic } from './quantize-static.js';

const eighthBelow = (values: Float64Array) => values.map((x) => (x >= 0 ? x : x / 8));

describe('activationTable', () => {
  it('keeps the scale of a function that is x for large x, and rounds halves to even', () => {
    const { table, scale } = activationTable(eighthBelow, 0.5);
    expect(scale).toBe(0.5);
    // In steps: −128/8 = −16, −12/8 = −1.5 → −2, −4/8 = −0.5 → 0, −20/8 = −2.5 → −2, and x itself above.
    expect([-128, -12, -4, -20, 0, 1, 127].map((x) => table[x + 128])).toEqual([-16, -2, 0, -2, 0, 1, 127]);
  });

  it('gives all of int8 to a function with bounds', () => {
    const { table, scale } = activationTable((values) => values.map((x) => Math.min(2, Math.max(-1, x))), 0.1);
    expect(scale).toBeCloseTo(2 / 127, 12);
    expect([table[0], table[138], table[255]]).toEqual([-64, 64, 127]);
  });

  it('takes a scale a power of two away from the one asked for', () => {
    // 63.5 at 127 wants 0.5 a step; 0.3·2 = 0.6 is the next: 63.5/0.6 = 105.8.
    expect(activationTable(eighthBelow, 0.5, 0.3)).toMatchObject({ scale: 0.6 });
    expect(activationTable(eighthBelow, 0.5, 0.3).table[255]).toBe(106);
    expect(activationTable(eighthBelow, 0.5, 4).scale).toBe(0.5);
  });

  it('of a function that is 0 everywhere is 0', () => {
    expect(activationTable((values) => values.map(() => 0), 0.5)).toEqual({
      table: new Array(256).fill(0),
      scale: 0.5,
    });
  });
});

/** Relative root mean squared error of the integer network's logits, of samples that it was not calibrated on. */
function logitError(network: FloatNetwork): number {
  const features = network.inputShape.reduce((a, b) => a * b, 1);
  const random = uniform(3);
  const samples = (count: number) => Float64Array.from({ length: count * features }, () => 4 * random() - 2);
  const { model, report } = quantizeStatic(network, { calibration: { samples: samples(100) } });
  const x = samples(50);
  const reference = new ReferenceModel(model);
  const integers = reference.infer(
    Int8Array.from(x, (value) => Math.min(127, Math.max(-128, Math.round(value / report.inputScale!)))),
    50,
  );
  const wanted = forwardNetwork(network, x, 50).get(network.layers.at(-1)!.name)!;
  // The scale of logits is free: that of the least error.
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
  const scale = dot(integers, wanted) / dot(integers, integers);
  const errors = Array.from(integers, (value, i) => value * scale - wanted[i]!);
  return Math.sqrt(dot(errors, errors) / dot(wanted, wanted));
}

describe.each([
  ['HardSwish', {}],
  ['Gelu', { approximate: 'tanh' }],
  ['LeakyRelu', { alpha: 0.125 }],
  ['LeakyRelu', { alpha: 0.3 }],
] as const)('%s %o of an ONNX graph', (operator, attributes) => {
  it('is looked up between linear layers', () => {
    const weights = { w: randomTensor([12, 16], 1), v: randomTensor([16, 16], 2), u: randomTensor([16, 4], 3) };
    const network = importFloatNetwork(
      graphOf(['n', 12], weights, [
        node('MatMul', ['x', 'w'], 'a'),
        node(operator, ['a'], 'b', attributes),
        node('MatMul', ['b', 'v'], 'c'),
        node(operator, ['c'], 'd', attributes),
        node('MatMul', ['d', 'u'], 'y'),
      ]),
    );
    expect(network.layers.map(({ op }) => op)).toEqual(['linear', 'activation', 'linear', 'activation', 'linear']);
    expect(logitError(network)).toBeLessThan(0.03);
  });

  it('is looked up in maps, in front of pools and of a sum', () => {
    const weights = {
      w: randomTensor([4, 1, 3, 3], 1),
      v: randomTensor([4, 4, 3, 3], 2),
      u: randomTensor([36, 4], 3),
    };
    const pads = { pads: [1, 1, 1, 1] };
    const network = importFloatNetwork(
      graphOf(['n', 1, 8, 8], weights, [
        node('Conv', ['x', 'w'], 'a'),
        node(operator, ['a'], 'b', attributes),
        node('Conv', ['b', 'v'], 'c', pads),
        node(operator, ['c'], 'd', attributes),
        node('Add', ['b', 'd'], 'e'),
        node('MaxPool', ['e'], 'f', { kernel_shape: [2, 2], strides: [2, 2] }),
        node('Flatten', ['f'], 'g'),
        node('MatMul', ['g', 'u'], 'y'),
      ]),
    );
    expect(network.layers.filter(({ op }) => op === 'activation')).toHaveLength(2);
    expect(logitError(network)).toBeLessThan(0.04);
  });
});
