import { describe, expect, it } from 'vitest';
import type { LinearNode, QuantizedModel, QuantizedNode } from './quantized-model.js';
import { resolveModel, validateQuantizedModel } from './resolve-model.js';
import { handWorkedLinear, modelOf, weightsOf } from './testing/small-models.js';

const good = handWorkedLinear();
const [fc1, relu1, fc2] = good.nodes as [LinearNode, QuantizedNode, LinearNode];
const withNodes = (...nodes: unknown[]): QuantizedModel => ({ ...good, labels: [], nodes: nodes as QuantizedNode[] });

describe('validateQuantizedModel', () => {
  it('returns nodes with shapes and types', () => {
    expect(validateQuantizedModel(good).map(({ outputShape, outputType }) => `${outputShape} ${outputType}`)).toEqual([
      '2 int32',
      '2 int8',
      '2 int32',
    ]);
    const moves = modelOf(
      [2, 4, 6],
      [
        { name: 'c', op: 'crop', inputs: ['input'], top: 0, left: 1, height: 4, width: 5 },
        { name: 'p', op: 'maxPool2d', inputs: ['c'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
        { name: 's', op: 'add', inputs: ['p', 'p'], leftShift: [0, 1] },
        { name: 'q', op: 'requantize', inputs: ['s'], shift: 1, min: -128, max: 127 },
        { name: 'w', op: 'requantize', inputs: ['q'], shift: 0, min: -129, max: 127 },
      ],
    );
    expect(resolveModel(moves).map(({ outputShape, outputType }) => `${outputShape} ${outputType}`)).toEqual([
      '2,4,5 int8',
      '2,2,2 int8',
      '2,2,2 int32',
      '2,2,2 int8',
      '2,2,2 int32',
    ]);
  });

  it.each<[string, RegExp, QuantizedModel]>([
    ['invalid-model', /nodes: an array of 0 found/, withNodes()],
    ['invalid-model', /nodes\[0\]\.op: 'lineer' found, .*did you mean 'linear'/, withNodes({ ...fc1, op: 'lineer' })],
    [
      'invalid-model',
      /nodes\[1\]\.shift: 31 found, at most 30 wanted/,
      withNodes(fc1, { name: 'r', op: 'reluShift', inputs: ['fc1'], shift: 31 }),
    ],
    [
      'invalid-model',
      /clips to 3 … 2/,
      withNodes(fc1, { name: 'r', op: 'requantize', inputs: ['fc1'], shift: 1, min: 3, max: 2 }),
    ],
    [
      'invalid-model',
      /'fc2' \(linear\) reads the int32 activations of 'fc1', int8 wanted/,
      withNodes(fc1, { ...fc2, inputs: ['fc1'] }),
    ],
    [
      'invalid-model',
      /'t' \(lookup\) reads the int32 activations of 'fc1', int8 wanted/,
      withNodes(fc1, { name: 't', op: 'lookup', inputs: ['fc1'], table: new Array(256).fill(0) }),
    ],
    [
      'invalid-model',
      /table: an array of 255 found/,
      withNodes({ name: 't', op: 'lookup', inputs: ['input'], table: new Array(255).fill(0) }),
    ],
    ['invalid-model', /last node 'relu1' \(shiftNorm\) gives int8/, withNodes(fc1, relu1)],
    ['duplicate-name', /Two nodes are named 'fc1'/, withNodes(fc1, { ...relu1, name: 'fc1' })],
    [
      'unknown-input',
      /'relu1' reads 'fc3', which does not exist; did you mean 'fc1'/,
      withNodes(fc1, { ...relu1, inputs: ['fc3'] }),
    ],
    ['unknown-input', /comes later/, withNodes({ ...relu1, inputs: ['fc1'] }, fc1)],
    ['unused-node', /node 'fc1'/, withNodes(fc1, { ...fc1, name: 'other' })],
    [
      'input-count',
      /'s' \(add\) reads 1 tensors/,
      withNodes(fc1, { name: 's', op: 'add', inputs: ['fc1'], leftShift: [0, 0] }),
    ],
    ['shape-mismatch', /inFeatures 4, but 'input' has 3/, withNodes({ ...fc1, inFeatures: 4 })],
    [
      'shape-mismatch',
      /adds tensors of shapes 2 and 3/,
      withNodes(fc1, { name: 's', op: 'add', inputs: ['fc1', 'input'], leftShift: [0, 0] }),
    ],
    ['invalid-weights', /6 weight codes, 9 wanted/, withNodes({ ...fc1, outFeatures: 3 })],
    [
      'invalid-weights',
      /code 16 at weight 2, but 4bitsym has codes 0 … 15/,
      withNodes({ ...fc1, weights: { format: '4bitsym', codes: Uint8Array.of(0, 1, 16, 3, 4, 5) } }),
    ],
    [
      'invalid-weights',
      /1 output shifts, 2 wanted/,
      withNodes({ ...fc1, weights: { ...fc1.weights, outputShifts: Uint8Array.of(1) } }),
    ],
    [
      'invalid-weights',
      /output shift of 16/,
      withNodes({ ...fc1, weights: { ...fc1.weights, outputShifts: Uint8Array.of(1, 16) } }),
    ],
    [
      'invalid-weights',
      /3 biases, 2 wanted/,
      withNodes({ ...fc1, weights: { ...fc1.weights, bias: new Int32Array(3) } }),
    ],
    ['invalid-labels', /1 labels and 2 outputs/, { ...good, labels: ['a'] }],
  ])('refuses %s: %s', (code, message, model) => {
    expect(() => validateQuantizedModel(model)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it('takes two labels for the two classes of a single output', () => {
    const one = withNodes({
      ...fc1,
      outFeatures: 1,
      weights: { format: '4bitsym', codes: new Uint8Array(fc1.inFeatures) },
    });
    for (const labels of [[], ['no', 'yes'], ['yes']]) {
      expect(validateQuantizedModel({ ...one, labels })).toHaveLength(1);
    }
    expect(() => validateQuantizedModel({ ...one, labels: ['a', 'b', 'c'] })).toThrow(/each of its 2 classes/);
  });

  it('checks channels and groups of convolutions', () => {
    const conv = (rest: object) =>
      modelOf(
        [4, 5, 5],
        [
          {
            name: 'c',
            op: 'conv2d',
            inputs: ['input'],
            inChannels: 4,
            outChannels: 4,
            kernel: [1, 1],
            stride: [1, 1],
            padding: [0, 0],
            groups: 2,
            weights: weightsOf('Ternary', new Array(8).fill(0)),
            ...rest,
          } as QuantizedNode,
        ],
      );
    expect(() => validateQuantizedModel(conv({}))).not.toThrow();
    expect(() => validateQuantizedModel(conv({ groups: 3 }))).toThrow(/groups that divide both/);
    expect(() => validateQuantizedModel(conv({ inChannels: 2 }))).toThrow(/inChannels 2, but 'input' has 4 channels/);
    expect(() => validateQuantizedModel(conv({ kernel: [6, 1] }))).toThrow(/kernel of 6×1/);
    expect(() => validateQuantizedModel({ ...conv({}), input: { ...good.input, shape: [25] } })).toThrow(
      /\[channels, height, width\] wanted/,
    );
  });

  it('refuses activations beyond any memory', () => {
    const flat = modelOf([65_535, 65_535, 65_535], [{ name: 'f', op: 'flatten', inputs: ['input'] }]);
    expect(() => validateQuantizedModel(flat)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
  });
});
