import { describe, expect, it } from 'vitest';
import { onnxRuntimeReference } from '../../node/onnxruntime-reference.js';
import { spreadIndex } from '../../quantize/static/calibration-samples.js';
import { graphOf, node, scalar } from '../__fixtures__/build-graph.js';
import { OnnxGraphBuilder } from '../export/graph-builder.js';
import type { Tensor } from '../ir/tensor.js';
import { graphEnds } from './graph-ends.js';
import { onnxReference } from './onnx-reference.js';
import { readOnnx } from './read-model.js';

const floats = (shape: readonly number[], ...values: number[]): Tensor => ({
  type: 'float32',
  shape,
  data: Float32Array.from(values),
});

describe('graphEnds', () => {
  const weight = floats([2, 3], 1, 2, 3, 4, 5, 6);

  it('finds constants in front of the first layer, through reshapes', () => {
    const graph = graphOf(
      ['N', 2],
      {
        half: scalar(0.5),
        d: scalar(255),
        m: scalar(2),
        w: weight,
        s: { type: 'int64', shape: [2], data: Float64Array.of(-1, 2) },
      },
      [
        node('Div', ['x', 'd'], 'a'),
        node('Reshape', ['a', 's'], 'r'),
        node('Sub', ['r', 'half'], 'b'),
        node('Mul', ['m', 'b'], 'c'),
        node('MatMul', ['c', 'w'], 'y'),
      ],
    );
    const { normalization, outputs, activation } = graphEnds(graph);
    // (x/255 − 0.5)·2 = x·(2/255) − 1.
    expect(normalization).toMatchObject({ kind: 'constants', nodes: ['a_Div', 'b_Sub', 'c_Mul'] });
    expect(normalization!.factor).toBeCloseTo(2 / 255, 9);
    expect(normalization!.offset).toBeCloseTo(-1, 9);
    expect([outputs, activation]).toEqual([3, undefined]);
  });

  it('finds a batch norm, and nothing where a layer comes first', () => {
    const statistics = { g: floats([2], 3, 3), b: floats([2], 1, 1), m: floats([2], 10, 10), v: floats([2], 4, 4) };
    const norm = node('BatchNormalization', ['x', 'g', 'b', 'm', 'v'], 'n', { epsilon: 0 });
    const with_ = graphOf(['N', 2], { ...statistics, w: weight }, [norm, node('MatMul', ['n', 'w'], 'y')]);
    // (x − 10)/2·3 + 1 = 1.5·x − 14.
    expect(graphEnds(with_).normalization).toEqual({
      kind: 'batchNorm',
      nodes: ['n_BatchNormalization'],
      factor: 1.5,
      offset: -14,
    });
    const without = graphOf(['N', 2], { w: weight, one: scalar(1) }, [
      node('MatMul', ['x', 'w'], 'h'),
      node('Add', ['h', 'one'], 'z'),
      node('Sigmoid', ['z'], 'y'),
    ]);
    expect(graphEnds(without)).toEqual({ normalization: undefined, outputs: 3, activation: 'sigmoid' });
  });
});

describe('float references', () => {
  it.each(['Softmax', 'Sigmoid'] as const)('give the logits before a %s', async (end) => {
    const builder = new OnnxGraphBuilder();
    const w = builder.constant('float', [2, 2], [30, -30, 1, 2], 'w');
    const logits = builder.node('Gemm', ['x', w, builder.constant('float', [2], [0.5, -0.5], 'b')]);
    builder.output('y', builder.node(end, [logits]));
    const bytes = builder.finish({
      name: 'end',
      documentation: '',
      input: { name: 'x', type: 'float', dims: ['N', 2] },
      output: { name: 'y', type: 'float', dims: ['N', 2] },
      metadata: {},
    });
    const graph = await readOnnx(bytes);
    for (const reference of [onnxReference(graph, [2]), await onnxRuntimeReference(bytes, graph, [2])]) {
      expect(reference.activation).toBe(end.toLowerCase());
      // By hand: [1, 1]·w + b and [2, 0]·w + b; the probabilities of these are 0 and 1 in float32.
      const found = await reference.logits(Float32Array.of(1, 1, 2, 0), 2);
      expect(Array.from(found)).toEqual([31.5, -28.5, 60.5, -60.5]);
    }
  });
});

describe('spreadIndex', () => {
  it.each([1, 2, 7, 64, 512, 2048])('visits each of %d once, and its beginning lies evenly', (count) => {
    const order = Array.from({ length: count }, (_, s) => spreadIndex(s, count));
    expect(new Set(order).size).toBe(count);
    if (count < 64) return;
    // The first 64 of samples sorted by four classes: about 16 of each.
    const quarters = [0, 0, 0, 0];
    for (const index of order.slice(0, 64)) quarters[Math.floor((4 * index) / count)]!++;
    for (const found of quarters) expect(Math.abs(found - 16)).toBeLessThanOrEqual(4);
  });
});
