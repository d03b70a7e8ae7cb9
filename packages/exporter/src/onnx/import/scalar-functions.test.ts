// Functions of one number in several operators: values from their formulas.
import { describe, expect, it } from 'vitest';
import type { FloatActivation } from '../../float/float-network.js';
import { graphOf, node, randomTensor, scalar } from '../__fixtures__/build-graph.js';
import type { OnnxNode } from '../ir/graph.js';
import { importFloatNetwork } from './import-graph.js';

const constants = {
  w: randomTensor([6, 4], 1),
  half: scalar(0.5),
  one: scalar(1),
  root: scalar(Math.SQRT2),
  slopes: randomTensor([4], 2),
  u: randomTensor([4, 4], 4),
};
const imported = (...nodes: OnnxNode[]) =>
  importFloatNetwork(
    graphOf(['n', 6], { ...constants, v: randomTensor([4, 2], 3) }, [
      node('MatMul', ['x', 'w'], 'a'),
      ...nodes,
      node('MatMul', ['f', 'v'], 'y'),
    ]),
  ).layers;
const activation = (layers: ReturnType<typeof imported>) =>
  layers.find((layer): layer is FloatActivation => layer.op === 'activation')!;

describe('functions of one number', () => {
  it('finds SiLU, which has no operator', () => {
    const layers = imported(node('Sigmoid', ['a'], 's'), node('Mul', ['a', 's'], 'f'));
    expect(layers.map(({ op }) => op)).toEqual(['linear', 'activation', 'linear']);
    const [below, zero, above] = activation(layers).apply(Float64Array.of(-2, 0, 3));
    expect(below).toBeCloseTo(-2 / (1 + Math.exp(2)), 6);
    expect(zero).toBe(0);
    expect(above).toBeCloseTo(3 / (1 + Math.exp(-3)), 6);
  });

  it('knows GELU by Erf and HardSwish by HardSigmoid again, so that they can be fine-tuned', () => {
    const hardSwish = imported(node('HardSigmoid', ['a'], 's', { alpha: 1 / 6 }), node('Mul', ['a', 's'], 'f'));
    expect(activation(hardSwish).function).toBe('hardSwish');
    const gelu = imported(
      node('Div', ['a', 'root'], 'b'),
      node('Erf', ['b'], 'c'),
      node('Add', ['c', 'one'], 'd'),
      node('Mul', ['a', 'd'], 'e'),
      node('Mul', ['e', 'half'], 'f'),
    );
    expect(gelu.map(({ op }) => op)).toEqual(['linear', 'activation', 'linear']);
    // Φ(1) = 0.8413447461
    expect(activation(gelu).apply(Float64Array.of(1))[0]).toBeCloseTo(0.8413447461, 6);
  });

  it('leaves a product of two layers refused, and a constant of each channel to the layer before it', () => {
    expect(() =>
      imported(node('MatMul', ['x', 'w'], 'b'), node('Sigmoid', ['b'], 's'), node('Mul', ['a', 's'], 'f')),
    ).toThrow('it multiplies two layers');
    const scaled = imported(node('Mul', ['a', 'slopes'], 'b'), node('Tanh', ['b'], 'f'));
    expect(scaled.map(({ op }) => op)).toEqual(['linear', 'activation', 'linear']);
    expect(activation(scaled).apply(Float64Array.of(0.5))[0]).toBeCloseTo(Math.tanh(0.5), 6);
  });

  it('gives both values where a function is read on its way', () => {
    const layers = imported(
      node('Tanh', ['a'], 't'),
      node('Exp', ['t'], 'e'),
      node('MatMul', ['t', 'u'], 'p'),
      node('Add', ['p', 'e'], 'f'),
    );
    const found = layers.filter((layer): layer is FloatActivation => layer.op === 'activation');
    const values = found.map(({ apply }) => apply(Float64Array.of(1))[0]!).sort((a, b) => a - b);
    expect(values).toEqual([expect.closeTo(Math.tanh(1), 6), expect.closeTo(Math.exp(Math.tanh(1)), 6)]);
  });
});
