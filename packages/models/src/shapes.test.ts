import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from './network-spec.js';
import { parseNetworkSpec } from './parse-network-spec.js';
import { buildPreset } from './presets/presets.js';
import { inferShapes, isWeighted, outputCount, weightDimensions } from './shapes.js';
import { summarizeSpec } from './summary/summary.js';
import { formatShape } from './tensor-shape.js';

const weights = { format: '8bit' };
const spec = (shape: number[], layers: object[]): NetworkSpec =>
  parseNetworkSpec({ name: 'net', input: { shape }, layers });
const shapesOf = (shape: number[], layers: object[]) =>
  inferShapes(spec(shape, layers)).map((layer) => formatShape(layer.outputShape));

describe('inferShapes', () => {
  it('follows convolutions, pools, crops and linear layers', () => {
    const layers = [
      { type: 'crop', name: 'crop', top: 1, left: 2, height: 25, width: 20 },
      { type: 'conv2d', name: 'conv', channels: 4, weights },
      { type: 'activation', name: 'relu', function: 'relu' },
      {
        type: 'conv2d',
        name: 'dw',
        channels: 8,
        groups: 'depthwise',
        stride: [2, 1],
        padding: 1,
        kernel: [5, 3],
        weights,
      },
      { type: 'maxPool2d', name: 'pool' },
      { type: 'avgPool2d', name: 'mean', size: 3, stride: 1 },
      { type: 'flatten', name: 'flat' },
      { type: 'dropout', name: 'drop', rate: 0.5 },
      { type: 'linear', name: 'fc', outputs: 7, weights },
    ];
    // 25×20 → 23×18 → ⌊(23 + 2 − 5)/2⌋ + 1 = 11 × 18 + 2 − 3 + 1 = 18 → 5×9 → 3×7.
    expect(shapesOf([1, 28, 28], layers)).toEqual([
      '1×25×20',
      '4×23×18',
      '4×23×18',
      '8×11×18',
      '8×5×9',
      '8×3×7',
      '168',
      '168',
      '7',
    ]);
    const resolved = inferShapes(spec([1, 28, 28], layers));
    expect(outputCount(resolved)).toBe(7);
    expect(
      resolved.flatMap(({ layer, inputShapes }) =>
        isWeighted(layer) ? [weightDimensions(layer, inputShapes[0]!)] : [],
      ),
    ).toEqual([
      { outputs: 4, perOutput: 9, groups: 1 },
      { outputs: 8, perOutput: 15, groups: 4 },
      { outputs: 7, perOutput: 168, groups: 1 },
    ]);
  });

  it('takes signals of one row', () => {
    const conv = { type: 'conv2d', name: 'conv', channels: 4, kernel: [1, 5], stride: [1, 2], weights };
    expect(shapesOf([2, 1, 64], [conv, { type: 'linear', name: 'fc', outputs: 3, weights }])).toEqual(['4×1×30', '3']);
    const pool = { type: 'maxPool2d', name: 'pool', size: [1, 3], padding: [0, 1] };
    expect(shapesOf([2, 1, 64], [conv, pool])).toEqual(['4×1×30', '4×1×10']);
    expect(() => shapesOf([2, 1, 64], [conv, { type: 'maxPool2d', name: 'pool' }])).toThrow(
      /'pool' \(maxPool2d\) has a window of 2×2, but its input is 1×30.*For a signal of one row it is \[1, 2\]/,
    );
  });

  it('takes one number for both directions, and windows no larger than their padded input', () => {
    const layers = [
      { type: 'conv2d', name: 'a', channels: 2, kernel: 5, stride: 2, padding: 1, weights },
      { type: 'maxPool2d', name: 'b', size: 3, stride: [1, 2], padding: [1, 0] },
    ];
    const [conv, pool] = spec([1, 8, 12], layers).layers;
    expect(conv).toMatchObject({ kernel: [5, 5], stride: [2, 2], padding: [1, 1] });
    expect(pool).toMatchObject({ size: [3, 3], stride: [1, 2], padding: [1, 0] });
    // ⌊(8 + 2 − 5)/2⌋ + 1 = 3, ⌊(12 + 2 − 5)/2⌋ + 1 = 5; 3 + 2 − 3 + 1 = 3, ⌊(5 − 3)/2⌋ + 1 = 2.
    expect(shapesOf([1, 8, 12], layers)).toEqual(['2×3×5', '2×3×2']);
    expect(() => spec([1, 8, 12], [{ type: 'maxPool2d', name: 'b', size: [2, 3], padding: [2, 1] }])).toThrow(
      /window of 2×3 with padding 2×1: padding smaller than the window/,
    );
    expect(() => spec([1, 64, 64], [{ type: 'avgPool2d', name: 'b', size: [33, 32] }])).toThrow(
      /mean of 33×32 elements/,
    );
    expect(() => spec([1, 8, 8], [{ type: 'maxPool2d', name: 'b', size: [2, 256] }])).toThrow(
      /layers\[0\]\.size\[1\]: 256 found, at most 255 wanted/,
    );
  });

  it('adds tensors of one shape', () => {
    const fc = (name: string, outputs: number) => ({ type: 'linear', name, outputs, weights });
    const add = { type: 'add', name: 's', inputs: ['a', 'b'] };
    expect(shapesOf([4], [fc('a', 5), fc('b', 5), add])).toEqual(['5', '5', '5']);
    expect(() => shapesOf([4], [fc('a', 5), fc('b', 6), add])).toThrow(/'s' \(add\) adds tensors of shapes 5 and 6/);
    expect(() => shapesOf([4], [fc('a', 5), { ...add, inputs: ['a'] }])).toThrow(/inputs/);
  });

  it('follows named inputs through branches', () => {
    const layers = [
      { type: 'linear', name: 'a', outputs: 5, weights },
      { type: 'linear', name: 'b', outputs: 6, weights, inputs: ['a'] },
      { type: 'linear', name: 'c', outputs: 2, weights },
    ];
    expect(inferShapes(spec([4], layers)).map((layer) => layer.inputs)).toEqual([['input'], ['a'], ['b']]);
  });

  const fc = (name: string, rest: object = {}) => ({ type: 'linear', name, outputs: 2, weights, ...rest });
  it.each([
    ['duplicate-name', [fc('a'), fc('a')], /Two layers are named 'a'/],
    ['duplicate-name', [fc('input')], /named 'input'/],
    ['unknown-input', [fc('alpha'), fc('b', { inputs: ['alhpa'] })], /'b' reads 'alhpa'.*did you mean 'alpha'/],
    ['unknown-input', [fc('a', { inputs: ['b'] }), fc('b')], /comes later/],
    ['unknown-input', [fc('a', { inputs: ['a'] })], /its own output/],
    ['unused-node', [fc('a'), fc('b', { inputs: ['input'] })], /No layer reads the output of layer 'a'/],
    ['input-count', [fc('a'), fc('b', { inputs: ['a', 'input'] })], /'b' \(linear\) reads 2 tensors, 1 wanted/],
    [
      'shape-mismatch',
      [{ type: 'conv2d', name: 'conv', channels: 2, weights }],
      /'conv' \(conv2d\) reads a tensor of shape \[4\], \[channels, height, width\] wanted/,
    ],
    ['shape-mismatch', [{ type: 'flatten', name: 'flat' }], /'flat' \(flatten\) reads 4/],
  ])('refuses a graph with %s', (code, layers, message) => {
    expect(() => spec([4], layers)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
  });

  it.each([
    [{ type: 'conv2d', name: 'c', channels: 2, kernel: [5, 3], weights }, /kernel of 5×3, but its input is 4×4/],
    [{ type: 'conv2d', name: 'c', channels: 4, groups: 'depthwise', weights }, /multiple of 3 output channels/],
    [{ type: 'conv2d', name: 'c', channels: 4, groups: 2, weights }, /groups that divide both/],
    [{ type: 'maxPool2d', name: 'c', size: 5 }, /window of 5×5, but its input is 4×4/],
    [
      { type: 'crop', name: 'c', top: 2, left: 0, height: 3, width: 4 },
      /rows 2…4 and columns 0…3, but its input is 4×4/,
    ],
  ])('names the layer of an impossible shape', (layer, message) => {
    expect(() => spec([3, 4, 4], [layer])).toThrow(
      expect.objectContaining({
        code: 'shape-mismatch',
        message: expect.stringMatching(new RegExp(`^Layer 'c'.*${message.source}`)),
      }),
    );
  });

  it('takes the shape that a custom layer states', () => {
    const layers = inferShapes(
      spec([3, 4, 4], [{ type: 'custom', name: 'own', kind: 'mine', outputShape: [7] }, fc('b')]),
    );
    expect(layers.map(({ outputShape }) => outputShape)[0]).toEqual([7]);
    expect(layers[1]!.inputShapes).toEqual([[7]]);
  });

  it('refuses networks beyond any memory', () => {
    expect(() => spec([1, 65_535, 65_535], [{ type: 'flatten', name: 'f' }])).toThrow(
      expect.objectContaining({ code: 'model-too-large' }),
    );
    expect(() => spec([65_535], [fc('a', { outputs: 65_535 })])).toThrow(/4294836225 weights/);
  });
});

it.each(['linaer', 'toString', '__proto__', undefined])(
  'refuses a layer of the type %s, which no schema saw',
  (type) => {
    const spec = buildPreset('fc-1k');
    const unparsed = { ...spec, layers: [{ ...spec.layers[0]!, type }] } as unknown as NetworkSpec;
    for (const use of [inferShapes, summarizeSpec]) {
      expect(() => use(unparsed)).toThrow(
        expect.objectContaining({
          name: 'ModelError',
          code: 'invalid-spec',
          message: expect.stringContaining(`Layer '${spec.layers[0]!.name}': There is no type of layer`),
        }),
      );
    }
  },
);
