// Whatever a network ends with, its integer logits are those of the float graph, the negative ones too, and the report says how near.
// Expected logits are worked by plain loops here, not by the importer's own evaluation.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { argmax, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { ExportedCBackend } from '../../node/exported-c-backend.js';
import { OnnxRuntimeBackend } from '../../node/onnxruntime-backend.js';
import { quantize } from '../../quantize.js';
import { verify } from '../../verify/verify.js';
import { graphOf, int64, node, randomTensor, scalar } from '../__fixtures__/build-graph.js';
import { randomImages } from '../__fixtures__/fixtures.js';
import type { OnnxNode } from '../ir/graph.js';

const runtime = await import('onnxruntime-node').catch(() => undefined);

const CLASSES = 5;
const SIDE = 7;
const MAP = 9;
const INNER = 6;

const kernel = randomTensor([INNER, 1, 3, 3], 3);
const point = randomTensor([CLASSES, INNER, 1, 1], 4);
/** Most logits are far below 0. */
const pointBias = { ...randomTensor([CLASSES], 5), data: Float32Array.from([-1.2, -0.9, -1, 0.3, -1.1]) };
const CONSTANTS = {
  kernel,
  point,
  pointBias,
  axes: int64(2, 3),
  flat: int64(0, -1),
  zero: scalar(0),
  one: scalar(0.5),
};

/** Maps [CLASSES, 3, 3] of a sample of 7×7: convolution with stride 2, ReLU, 1×1 convolution. */
function maps(x: Float32Array): number[][] {
  const hidden = Array.from({ length: INNER }, (_, o) => {
    const map: number[] = [];
    for (let y = 0; y < 3; y++) {
      for (let z = 0; z < 3; z++) {
        let sum = 0;
        for (let r = 0; r < 3; r++)
          for (let c = 0; c < 3; c++) sum += kernel.data[o * 9 + r * 3 + c]! * x[(2 * y + r) * SIDE + 2 * z + c]!;
        map.push(Math.max(0, sum));
      }
    }
    return map;
  });
  return Array.from({ length: CLASSES }, (_, o) =>
    Array.from({ length: MAP }, (_, p) =>
      hidden.reduce((sum, map, i) => sum + point.data[o * INNER + i]! * map[p]!, pointBias.data[o]!),
    ),
  );
}

const mean = (map: number[]) => map.reduce((a, b) => a + b, 0) / map.length;
const max = (map: number[]) => Math.max(...map);
const relu = (value: number) => Math.max(0, value);

const TRUNK = [
  node('Conv', ['x', 'kernel'], 'hidden', { strides: [2, 2] }),
  node('Relu', ['hidden'], 'active'),
  node('Conv', ['active', 'point', 'pointBias'], 'maps'),
];
const all = { kernel_shape: [3, 3] };

interface End {
  readonly nodes: readonly OnnxNode[];
  readonly logits: (maps: number[][]) => number[];
}

const ENDS: Readonly<Record<string, End>> = {
  'GlobalAveragePool, Flatten': {
    nodes: [node('GlobalAveragePool', ['maps'], 'a'), node('Flatten', ['a'], 'y')],
    logits: (m) => m.map(mean),
  },
  'AveragePool over all, Reshape': {
    nodes: [node('AveragePool', ['maps'], 'a', all), node('Reshape', ['a', 'flat'], 'y')],
    logits: (m) => m.map(mean),
  },
  'AveragePool without flattening': { nodes: [node('AveragePool', ['maps'], 'y', all)], logits: (m) => m.map(mean) },
  ReduceMean: {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'y', { keepdims: 0 })],
    logits: (m) => m.map(mean),
  },
  'ReduceMean, Softmax': {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }), node('Softmax', ['a'], 'y')],
    logits: (m) => m.map(mean),
  },
  'ReduceMean, LogSoftmax': {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }), node('LogSoftmax', ['a'], 'y')],
    logits: (m) => m.map(mean),
  },
  'ReduceMean, Sigmoid': {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }), node('Sigmoid', ['a'], 'y')],
    logits: (m) => m.map(mean),
  },
  'ReduceMean, Identity, Dropout, Cast': {
    nodes: [
      node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }),
      node('Identity', ['a'], 'b'),
      node('Dropout', ['b'], 'c'),
      node('Cast', ['c'], 'y', { to: 1 }),
    ],
    logits: (m) => m.map(mean),
  },
  'Relu, mean': {
    nodes: [node('Relu', ['maps'], 'a'), node('ReduceMean', ['a', 'axes'], 'y', { keepdims: 0 })],
    logits: (m) => m.map((map) => mean(map.map(relu))),
  },
  'mean, Relu': {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }), node('Relu', ['a'], 'y')],
    logits: (m) => m.map((map) => relu(mean(map))),
  },
  'mean, Clip': {
    nodes: [node('ReduceMean', ['maps', 'axes'], 'a', { keepdims: 0 }), node('Clip', ['a', 'zero', 'one'], 'y')],
    logits: (m) => m.map((map) => Math.min(0.5, relu(mean(map)))),
  },
  GlobalMaxPool: {
    nodes: [node('GlobalMaxPool', ['maps'], 'a'), node('Flatten', ['a'], 'y')],
    logits: (m) => m.map(max),
  },
  'MaxPool, Flatten': {
    nodes: [node('MaxPool', ['maps'], 'a', all), node('Flatten', ['a'], 'y')],
    logits: (m) => m.map(max),
  },
  'Flatten of maps': { nodes: [node('Flatten', ['maps'], 'y')], logits: (m) => m.flat() },
  'average pool, Add': {
    nodes: [
      node('GlobalAveragePool', ['maps'], 'a'),
      node('GlobalMaxPool', ['maps'], 'b'),
      node('Add', ['a', 'b'], 'c'),
      node('Flatten', ['c'], 'y'),
    ],
    logits: (m) => m.map((map) => mean(map) + max(map)),
  },
  'Add, average pool': {
    nodes: [
      node('Conv', ['active', 'point'], 'other'),
      node('Add', ['maps', 'other'], 'a'),
      node('GlobalAveragePool', ['a'], 'b'),
      node('Flatten', ['b'], 'y'),
    ],
    logits: (m) => m.map((map, o) => 2 * mean(map) - pointBias.data[o]!),
  },
};

const COUNT = 120;
const samples = randomImages(COUNT, SIDE * SIDE, 7);

describe.each(Object.entries(ENDS))('a network that ends in %s', (_, { nodes, logits }) => {
  const graph = graphOf(['n', 1, SIDE, SIDE], CONSTANTS, [...TRUNK, ...nodes]);
  const wanted = Array.from({ length: COUNT }, (_, s) => logits(maps(samples.subarray(s * 49, (s + 1) * 49))));

  it('keeps the logits of the graph, and reports how far they are', () => {
    const { model, report } = quantize(graph, { calibration: { samples } });
    const network = new ReferenceModel(model);
    const found = network.infer(quantizeInput(model, samples), COUNT);
    const outputs = wanted[0]!.length;
    expect(network.outputs).toBe(outputs);
    const flat = wanted.flat();
    const dot = flat.reduce((sum, value, i) => sum + value * found[i]!, 0);
    const factor = dot / found.reduce((sum, value) => sum + value * value, 0);
    const centre = flat.reduce((a, b) => a + b, 0) / flat.length;
    const deviation = Math.sqrt(flat.reduce((sum, value) => sum + (value - centre) ** 2, 0) / flat.length);
    const residual = Math.sqrt(
      flat.reduce((sum, value, i) => sum + (value - found[i]! * factor) ** 2, 0) / flat.length,
    );
    expect(residual / deviation).toBeLessThan(0.03);
    expect(report.logitError).toBeGreaterThan((residual / deviation) * 0.98);
    expect(report.logitError).toBeLessThan((residual / deviation) * 1.3 + 0.002);
    const negative = (values: ArrayLike<number>) => Array.from(values).filter((value) => value < 0).length;
    expect(Math.abs(negative(found) - negative(flat))).toBeLessThan(0.03 * flat.length);
    const same = wanted.filter((row, s) => row.indexOf(Math.max(...row)) === argmax(found, s * outputs, outputs));
    expect(same.length / COUNT).toBeGreaterThan(0.97);
  });
});

describe('int8 activations as logits', () => {
  it('are widened with their signs, by every implementation', async () => {
    // Nothing but a pool of the input: there are no accumulators to end with.
    const graph = graphOf(['n', 2, 4, 4], {}, [
      node('MaxPool', ['x'], 'a', { kernel_shape: [4, 4], strides: [4, 4] }),
      node('Flatten', ['a'], 'y'),
    ]);
    const values = Float32Array.from({ length: 64 * 32 }, (_, i) => -0.2 - ((i * 37) % 100) / 100);
    const { model } = quantize(graph, { calibration: { samples: values }, inputScale: 1 / 100 });
    const inputs = quantizeInput(model, values);
    const expected = Array.from({ length: 128 }, (_, map) => Math.max(...inputs.subarray(map * 16, (map + 1) * 16)));
    expect([...new ReferenceModel(model).infer(inputs, 64)]).toEqual(expected);
    expect(Math.max(...expected)).toBeLessThan(0);
    const others = [new WasmBackend(), new ExportedCBackend()];
    const exported = runtime ? (['integer', 'qdq'] as const).map((form) => new OnnxRuntimeBackend({ form })) : [];
    const { differences } = await verify(model, [new ReferenceInference(), ...others, ...exported], inputs, undefined);
    expect(differences).toEqual([]);
  });
});
