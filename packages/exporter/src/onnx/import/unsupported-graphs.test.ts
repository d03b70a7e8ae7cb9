// What is unsupported is listed completely, with reasons.
import { describe, expect, it } from 'vitest';
import { graphOf, int64, node, randomTensor, scalar } from '../__fixtures__/build-graph.js';
import { refusal } from '../__fixtures__/refusal.js';
import { importFloatNetwork } from './import-graph.js';

const REFUSED = {
  w: randomTensor([2, 2, 3, 3], 1),
  low: scalar(-1),
  high: scalar(1),
  one: int64(1),
  two: int64(2),
};

describe('unsupported graphs', () => {
  it('are refused in one error that lists every node', () => {
    const graph = graphOf(['batch', 1, 8, 8], { w: randomTensor([2, 1, 3, 3], 1), v: randomTensor([10, 72], 2) }, [
      node('Conv', ['x', 'w'], 'a'),
      node('InstanceNormalization', ['a'], 'b'),
      node('Mul', ['a', 'b'], 'c'),
      node('Mish', ['c'], 'd', {}, 'com.example'),
      node('LSTM', ['d'], 'e'),
      node('Flatten', ['a'], 'f'),
      node('Gemm', ['f', 'v'], 'g', { transB: 1 }),
      node('Split', ['g'], 'h'),
      node('Concat', ['e', 'h'], 'i'),
    ]);
    const { nodes, message, code } = refusal(graph);
    expect(code).toBe('unsupported-graph');
    expect(nodes.map(({ operator }) => operator)).toEqual([
      'InstanceNormalization',
      'Mul',
      'Mish',
      'LSTM',
      'Split',
      'Concat',
    ]);
    expect(nodes[1]).toMatchObject({ name: 'c_Mul', reason: 'it multiplies two layers' });
    expect(nodes[2]!.reason).toContain('com.example');
    expect(nodes[4]!.nearest).toBe('grouped Conv is supported');
    for (const { name, reason, nearest } of nodes) {
      expect(message).toContain(`${name} (`);
      expect(message).toContain(`${reason}; ${nearest}`);
    }
  });

  it.each([
    ['a dilated pool', node('MaxPool', ['x'], 'y', { kernel_shape: [3, 3], dilations: [2, 2] }), /dilated/],
    [
      'ceil_mode where the mean counts the padding',
      node('AveragePool', ['x'], 'y', {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 1, 1],
        ceil_mode: 1,
        count_include_pad: 1,
      }),
      /hang over the edge/,
    ],
    ['a transposition at the end', node('Transpose', ['x'], 'y', { perm: [0, 2, 3, 1] }), /no layer computes it/],
    ['a cut through the channels', node('Slice', ['x', 'one', 'two', 'one'], 'y'), /takes 64 of 128 values/],
    ['the class of each position', node('ArgMax', ['x'], 'y', { axis: 1 }), /no integer form/],
    ['a signed clip', node('Clip', ['x', 'low', 'high'], 'y'), /clips to -1 … 1/],
    ['weights that depend on the sample', node('MatMul', ['x', 'x'], 'y'), /weights depend on the sample/],
  ])('%s: the reason is told', (_, first, reason) => {
    const graph = graphOf(['batch', 2, 8, 8], REFUSED, [first]);
    expect(refusal(graph).nodes[0]!.reason).toMatch(reason);
  });

  it('asks for the input shape where the file leaves it open', () => {
    const graph = graphOf(['batch', 1, 'height', 'width'], {}, [node('Relu', ['x'], 'y')]);
    expect(() => importFloatNetwork(graph)).toThrow(expect.objectContaining({ code: 'onnx-input' }));
  });
});
