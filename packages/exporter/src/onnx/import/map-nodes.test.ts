// Variants that people write map to the same layers.
import { describe, expect, it } from 'vitest';
import { forwardNetwork } from '../../float/forward-network.js';
import { graphOf, int64, node, randomTensor, scalar } from '../__fixtures__/build-graph.js';
import { uniform } from '../__fixtures__/fixtures.js';
import { refusal } from '../__fixtures__/refusal.js';
import { evaluateOnnx } from '../ir/evaluate.js';
import type { OnnxGraph } from '../ir/graph.js';
import { elementsOf, floatTensor } from '../ir/tensor.js';
import { importFloatNetwork } from './import-graph.js';

/** Layers of a graph, after checking that they compute what it computes. */
function layersOf(graph: OnnxGraph): string {
  const network = importFloatNetwork(graph);
  const shape = [2, ...graph.inputs[0]!.shape!.slice(1).map(Number)];
  const x = randomTensor(shape, 99).data as Float32Array;
  const [expected] = evaluateOnnx(graph, { x: floatTensor(x, shape) }).values();
  const logits = forwardNetwork(network, x, 2).get(network.layers.at(-1)!.name)!;
  expect(logits.length).toBe(elementsOf(expected!.shape));
  logits.forEach((value, i) => {
    expect(value).toBeCloseTo(expected!.data[i]!, 4);
  });
  return network.layers.map(({ name, op }) => `${name}:${op}`).join(' ');
}

describe('variants of the same network', () => {
  const w = { w: randomTensor([6, 10], 1), b: randomTensor([10], 2), v: randomTensor([10, 6], 3) };

  it('MatMul and Add, Gemm with α and β, a bias of one value', () => {
    expect(layersOf(graphOf(['n', 6], w, [node('MatMul', ['x', 'w'], 'a'), node('Add', ['b', 'a'], 'y')]))).toBe(
      'fc1:linear',
    );
    expect(
      layersOf(graphOf(['n', 6], w, [node('Gemm', ['x', 'v', 'b'], 'y', { transB: 1, alpha: 0.5, beta: 2 })])),
    ).toBe('fc1:linear');
    expect(layersOf(graphOf(['n', 6], { ...w, one: scalar(0.3) }, [node('Gemm', ['x', 'w', 'one'], 'y')]))).toBe(
      'fc1:linear',
    );
  });

  it('fold scales and offsets into layers and into the input', () => {
    const constants = { ...w, s: scalar(2), o: scalar(0.1), m: randomTensor([10], 4) };
    const graph = graphOf(['n', 6], constants, [
      node('Sub', ['x', 'o'], 'a'),
      node('Div', ['a', 's'], 'b'),
      node('MatMul', ['b', 'w'], 'c'),
      node('Mul', ['c', 'm'], 'd'),
      node('Sub', ['o', 'd'], 'y'),
    ]);
    expect(layersOf(graph)).toBe('fc1:linear');
    const conv = graphOf(['n', 1, 6, 6], { ...constants, k: randomTensor([2, 1, 3, 3], 5) }, [
      node('Sub', ['x', 'o'], 'a'),
      node('Div', ['a', 's'], 'b'),
      node('Conv', ['b', 'k'], 'c', { pads: [1, 1, 1, 1] }),
      node('Flatten', ['c'], 'y'),
    ]);
    expect(layersOf(conv)).toBe('conv1:conv2d flatten1:flatten');
    // The division went into the kernel; the offset cannot, because the padding is 0.
    expect(importFloatNetwork(conv)).toMatchObject({ inputFactor: 1, inputOffset: expect.closeTo(-0.1, 6) });
  });

  it('fold batch norm behind a flattening into the next layer', () => {
    const graph = graphOf(
      ['n', 2, 3, 3],
      {
        gain: randomTensor([2], 1),
        shift: randomTensor([2], 2),
        mean: randomTensor([2], 3),
        variance: floatTensor(Float32Array.of(0.5, 2), [2]),
        w: randomTensor([4, 18], 5),
      },
      [
        node('MaxPool', ['x'], 'p', { kernel_shape: [1, 1] }),
        node('BatchNormalization', ['p', 'gain', 'shift', 'mean', 'variance'], 'a'),
        node('Flatten', ['a'], 'f'),
        node('Gemm', ['f', 'w'], 'y', { transB: 1 }),
      ],
    );
    expect(layersOf(graph)).toBe('pool1:maxPool2d flatten1:flatten fc1:linear');
  });

  it('ReLU6, dilation, SAME padding, global pools, dropped softmax', () => {
    const constants = {
      k: randomTensor([3, 1, 3, 3], 1),
      g: randomTensor([3, 1, 2, 2], 2),
      zero: scalar(0),
      six: scalar(0.4),
      w: randomTensor([4, 3], 3),
      axes: int64(2, 3),
    };
    const nodes = [
      node('Conv', ['x', 'k'], 'a', { auto_pad: 'SAME_UPPER', kernel_shape: [3, 3] }),
      node('Clip', ['a', 'zero', 'six'], 'b'),
      node('Conv', ['b', 'g'], 'c', { group: 3, dilations: [2, 2] }),
      node('Max', ['c', 'zero'], 'd'),
      node('ReduceMean', ['d', 'axes'], 'e', { keepdims: 0 }),
      node('Gemm', ['e', 'w'], 'f', { transB: 1 }),
    ];
    expect(layersOf(graphOf(['n', 1, 9, 9], constants, nodes))).toBe(
      'conv1:conv2d relu1:relu conv2:conv2d relu2:relu pool1:avgPool2d flatten1:flatten fc1:linear',
    );
    const withSoftmax = graphOf(['n', 1, 9, 9], constants, [...nodes, node('Softmax', ['f'], 'y')]);
    expect(importFloatNetwork(withSoftmax).layers.at(-1)!.name).toBe('fc1');
  });

  it('windows padded on one side, or hanging over the edge: equal padding and a crop', () => {
    const random = uniform(4);
    const pick = (count: number) => Math.floor(random() * count);
    const seen = new Set<string>();
    for (let k = 0; k < 120; k++) {
      const size = [1 + pick(4), 1 + pick(4)];
      const strides = [1 + pick(3), 1 + pick(3)];
      const pads = [pick(size[0]!), pick(size[1]!), pick(size[0]!), pick(size[1]!)];
      const shape = ['n', 2, 5 + pick(6), 5 + pick(6)];
      const given = { kernel_shape: size, strides, pads };
      const operator = ['Conv', 'MaxPool', 'AveragePool'][k % 3]!;
      const ceil = k % 2 === 0 && operator !== 'Conv' ? { ceil_mode: 1 } : {};
      // Counted padding and ceil_mode together are refused.
      const counted = operator === 'AveragePool' && k % 2 === 1 ? { count_include_pad: 1 } : {};
      const same =
        k % 7 === 0 ? { kernel_shape: size, strides, auto_pad: k % 14 === 0 ? 'SAME_LOWER' : 'SAME_UPPER' } : given;
      const constants = { w: randomTensor([2, 1, ...size], k) };
      const inputs = operator === 'Conv' ? ['x', 'w'] : ['x'];
      const group = operator === 'Conv' ? { group: 2 } : {};
      const graph = graphOf(shape, constants, [
        node(operator, inputs, 'a', { ...same, ...ceil, ...counted, ...group }),
        node('Flatten', ['a'], 'y'),
      ]);
      for (const layer of layersOf(graph).split(' ')) seen.add(layer);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining(['conv1:conv2d', 'crop1:crop', 'pool1:maxPool2d', 'pool2:maxPool2d']),
    );
  });

  it('zeros around the maps before a convolution, and a window cut out of them', () => {
    const constants = {
      k: randomTensor([2, 2, 3, 3], 1),
      pads: int64(0, 0, 1, 0, 0, 0, 0, 2),
      from: int64(1, 0),
      to: int64(4, 3),
      axes: int64(2, 3),
    };
    const graph = graphOf(['n', 2, 6, 6], constants, [
      node('Pad', ['x', 'pads'], 'p'),
      node('Conv', ['p', 'k'], 'c', { strides: [1, 2], pads: [0, 0, 1, 0] }),
      node('Slice', ['c', 'from', 'to', 'axes'], 's'),
      node('Flatten', ['s'], 'y'),
    ]);
    expect(layersOf(graph)).toBe('conv1:conv2d crop1:crop crop2:crop flatten1:flatten');
    const pooled = graphOf(['n', 2, 6, 6], constants, [
      node('Pad', ['x', 'pads'], 'p'),
      node('MaxPool', ['p'], 'y', { kernel_shape: [2, 2] }),
    ]);
    expect(refusal(pooled).nodes[0]!.nearest).toMatch(/directly before a convolution/);
  });

  it('maps transposed, flattened and multiplied: the columns of the matrix move', () => {
    const constants = { k: randomTensor([3, 1, 2, 2], 1), w: randomTensor([75, 4], 2), m: randomTensor([75], 3) };
    const nodes = [
      node('Conv', ['x', 'k'], 'c'),
      node('Transpose', ['c'], 't', { perm: [0, 3, 1, 2] }),
      node('Flatten', ['t'], 'f'),
      node('Mul', ['f', 'm'], 's'),
      node('MatMul', ['s', 'w'], 'y'),
    ];
    expect(layersOf(graphOf(['n', 1, 6, 6], constants, nodes))).toBe('conv1:conv2d flatten1:flatten fc1:linear');
    // The same with three samples at once.
    expect(layersOf(graphOf([2, 1, 6, 6], constants, nodes))).toBe('conv1:conv2d flatten1:flatten fc1:linear');
  });

  it('means and maxima over the positions of maps with channels last; a matrix for every position', () => {
    const constants = {
      k: randomTensor([3, 1, 2, 2], 1),
      w: randomTensor([3, 4], 2),
      b: randomTensor([4], 3),
      axes: int64(1, 2),
    };
    for (const [operator, op] of [
      ['ReduceMean', 'avgPool2d'],
      ['ReduceMax', 'maxPool2d'],
    ]) {
      const graph = graphOf(['n', 1, 6, 6], constants, [
        node('Conv', ['x', 'k'], 'c'),
        node('Transpose', ['c'], 't', { perm: [0, 2, 3, 1] }),
        node('MatMul', ['t', 'w'], 'd'),
        node('Add', ['d', 'b'], 'e'),
        node(operator!, ['e', 'axes'], 'y', { keepdims: 0 }),
      ]);
      expect(layersOf(graph)).toBe(`conv1:conv2d conv2:conv2d pool1:${op} flatten1:flatten`);
    }
  });

  it('an ArgMax at the end, perhaps with a cast behind: left out, and said', () => {
    const graph = graphOf(['n', 6], w, [
      node('MatMul', ['x', 'w'], 'a'),
      node('Softmax', ['a'], 's'),
      node('ArgMax', ['s'], 'c', { axis: 1, keepdims: 0 }),
      node('Cast', ['c'], 'y', { to: 6 }),
    ]);
    const network = importFloatNetwork(graph);
    expect(network.layers.map(({ op }) => op)).toEqual(['linear']);
    expect(network.notes).toEqual([expect.stringMatching(/ArgMax.*left out.*first largest/)]);
  });

  it('bytes as input: what converts them is preprocessing', () => {
    const bytes = (nodes: OnnxGraph['nodes']) => ({
      ...graphOf(
        ['n', 6],
        { ...w, s: scalar(0.5), z: { type: 'uint8', shape: [], data: Uint8Array.of(3) } as const, d: scalar(255) },
        nodes,
      ),
      inputs: [{ name: 'x', type: 'uint8', shape: ['n', 6] } as const],
    });
    const cast = bytes([
      node('Cast', ['x'], 'a', { to: 1 }),
      node('Div', ['a', 'd'], 'b'),
      node('MatMul', ['b', 'w'], 'y'),
    ]);
    const divided = importFloatNetwork(cast);
    const weights = divided.layers[0] as { weight: Float32Array };
    expect(weights.weight[0]! * 255).toBeCloseTo(w.w.data[0]!, 5);
    const scaled = bytes([node('DequantizeLinear', ['x', 's', 'z'], 'b'), node('MatMul', ['b', 'w'], 'y')]);
    const layer = importFloatNetwork(scaled).layers[0] as { weight: Float32Array; bias: Float32Array };
    expect(layer.weight[0]).toBeCloseTo(w.w.data[0]! * 0.5, 5);
    const column = Array.from({ length: 6 }, (_, i) => w.w.data[i * 10]!);
    expect(layer.bias[0]).toBeCloseTo(-1.5 * column.reduce((a, b) => a + b, 0), 5);
  });

  it('a scale a channel that fits no layer beside it: a depthwise convolution', () => {
    const constants = {
      gain: randomTensor([1, 2, 1, 1], 1),
      shift: randomTensor([1, 2, 1, 1], 2),
      k: randomTensor([2, 1, 3, 3], 3),
    };
    const graph = graphOf(['n', 2, 5, 5], constants, [
      node('Relu', ['x'], 'r'),
      node('Mul', ['r', 'gain'], 'a'),
      node('Add', ['a', 'shift'], 'b'),
      node('Conv', ['b', 'k'], 'c', { pads: [1, 1, 1, 1], group: 2 }),
      node('Flatten', ['c'], 'y'),
    ]);
    expect(layersOf(graph)).toBe('relu1:relu affine1:conv2d conv1:conv2d flatten1:flatten');
  });

  it('a reshape of the input itself gives the input its shape', () => {
    const graph = graphOf(['n', 16], { shape: int64(-1, 1, 4, 4), k: randomTensor([2, 1, 3, 3], 1) }, [
      node('Reshape', ['x', 'shape'], 'a'),
      node('Conv', ['a', 'k'], 'b'),
      node('Flatten', ['b'], 'y'),
    ]);
    expect(importFloatNetwork(graph).inputShape).toEqual([1, 4, 4]);
    expect(layersOf(graph)).toBe('conv1:conv2d flatten1:flatten');
  });
});
