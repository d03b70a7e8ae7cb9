// Graphs of scikit-learn: which output is imported, and ONNX-ML operators by hand.
import { describe, expect, it } from 'vitest';
import { graphOf, node } from '../__fixtures__/build-graph.js';
import { evaluateOnnx } from '../ir/evaluate.js';
import type { OnnxNode } from '../ir/graph.js';
import { classifierEnd, nodesUpTo } from './classifier-outputs.js';
import { expandMlOperators } from './ml-operators.js';

const ml = (
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes: Parameters<typeof node>[3] = {},
): OnnxNode => ({
  ...node(operator, inputs, outputs[0]!, attributes, 'ai.onnx.ml'),
  outputs,
});

describe('classifierEnd', () => {
  /** As skl2onnx writes a perceptron of three classes. */
  const multi = [
    node('MatMul', ['x', 'w'], 'logits'),
    node('Softmax', ['logits'], 'p'),
    node('Identity', ['p'], 'probabilities'),
    node('ArgMax', ['p'], 'number'),
    ml('ArrayFeatureExtractor', ['classes', 'number'], ['chosen']),
    node('Reshape', ['chosen', 'shape'], 'label'),
  ];
  const texts = new Map([['classes', ['ant', 'bee', 'cat']]]);

  it('takes the probabilities, in whatever place, and the names of the classes', () => {
    for (const outputs of [
      ['label', 'probabilities'],
      ['probabilities', 'label'],
    ]) {
      const end = classifierEnd({ nodes: multi, outputs, constants: new Map(), texts });
      expect(end).toEqual({ output: 'p', classes: ['ant', 'bee', 'cat'] });
    }
    expect(nodesUpTo(multi, 'p').map(({ operator }) => operator)).toEqual(['MatMul', 'Softmax']);
  });

  it('takes what a map of probabilities is made of', () => {
    const nodes = [
      ...multi.slice(0, 2),
      ...multi.slice(3),
      ml('ZipMap', ['p'], ['map'], { classlabels_ints: [7, 8, 9] }),
    ];
    const end = classifierEnd({ nodes, outputs: ['label', 'map'], constants: new Map(), texts: new Map() });
    expect(end).toEqual({ output: 'p', classes: ['7', '8', '9'] });
  });

  it('takes the one probability of two classes', () => {
    const nodes = [
      node('Sigmoid', ['x'], 's'),
      node('Sub', ['one', 's'], 't'),
      node('Concat', ['t', 's'], 'probabilities', { axis: 1 }),
      node('ArgMax', ['probabilities'], 'number'),
      ml('ArrayFeatureExtractor', ['classes', 'number'], ['label']),
    ];
    expect(classifierEnd({ nodes, outputs: ['label', 'probabilities'], constants: new Map(), texts })?.output).toBe(
      's',
    );
  });

  it('leaves other graphs with two outputs alone', () => {
    const nodes = [node('Relu', ['x'], 'a'), node('Neg', ['x'], 'b')];
    expect(classifierEnd({ nodes, outputs: ['a', 'b'], constants: new Map(), texts })).toBeUndefined();
  });
});

describe('expandMlOperators', () => {
  const run = (nodes: OnnxNode[], output: string, values: number[]) => {
    const { nodes: plain, constants } = expandMlOperators(nodes);
    const graph = {
      ...graphOf([1, values.length], Object.fromEntries(constants), plain),
      outputs: [{ name: output, type: 'float32' as const, shape: undefined }],
    };
    const x = { type: 'float32' as const, shape: [1, values.length], data: Float32Array.from(values) };
    return Array.from(evaluateOnnx(graph, { x }).get(output)!.data);
  };

  it('scales by (x − offset)·scale', () => {
    expect(run([ml('Scaler', ['x'], ['y'], { offset: [1, 10], scale: [2, 0.5] })], 'y', [4, 6])).toEqual([6, -2]);
  });

  it('computes rows of coefficients, with a logistic function of each', () => {
    const classifier = ml('LinearClassifier', ['x'], ['label', 'p'], {
      coefficients: [1, 2, -1, -2],
      intercepts: [0.5, -0.5],
      post_transform: 'LOGISTIC',
    });
    // 1·3 + 2·(−1) + 0.5 = 1.5, and its opposite.
    const [first, second] = run([classifier], 'p', [3, -1]);
    expect(first).toBeCloseTo(1 / (1 + Math.exp(-1.5)), 6);
    expect(second).toBeCloseTo(1 / (1 + Math.exp(1.5)), 6);
    const regressor = ml('LinearRegressor', ['x'], ['y'], { coefficients: [1, 2], intercepts: [4] });
    expect(run([regressor], 'y', [3, -1])).toEqual([5]);
  });

  it('refuses coefficients that are no whole rows', () => {
    const damaged = ml('LinearClassifier', ['x'], ['l', 'p'], { coefficients: [1, 2, 3], intercepts: [0, 0] });
    expect(() => expandMlOperators([damaged])).toThrow('3 coefficients and 2 intercepts for 2 outputs');
  });
});
