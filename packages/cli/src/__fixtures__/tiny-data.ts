// Data sets of a few features in idx files, with classes that are known by construction, and graphs that classify them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OnnxGraphBuilder } from '../../../exporter/src/onnx/export/graph-builder.js';

/** A sample's features as bytes, and its class. */
export type TinySample = readonly [features: readonly number[], label: number];

function idx(dimensions: readonly number[], content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  dimensions.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, content]);
}

/** Writes the parts in the order given; returns the flags that name them. */
export function writeTinyData(folder: string, train: readonly TinySample[], test: readonly TinySample[]): string[] {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, samples: readonly TinySample[]): [string, string] => {
    const paths: [string, string] = [join(folder, `${name}-images.idx`), join(folder, `${name}-labels.idx`)];
    const features = samples[0]![0].length;
    writeFileSync(paths[0], idx([samples.length, 1, features], Uint8Array.from(samples.flatMap(([values]) => values))));
    writeFileSync(paths[1], idx([samples.length], Uint8Array.from(samples, ([, label]) => label)));
    return paths;
  };
  const [trainImages, trainLabels] = write('train', train);
  const [testImages, testLabels] = write('test', test);
  return [
    ...['--data', 'idx', '--data-train-images', trainImages, '--data-train-labels', trainLabels],
    ...['--data-test-images', testImages, '--data-test-labels', testLabels],
  ];
}

/** A generator of numbers in [0, 1): Park and Miller's. */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export interface LinearGraph {
  /** Row after row, one an output. */
  readonly weight: readonly (readonly number[])[];
  readonly bias: readonly number[];
  /** Operators with a constant in front: `['Div', 255]`. */
  readonly front?: readonly (readonly [operator: 'Div' | 'Sub' | 'Mul' | 'Add', constant: number])[];
  readonly end?: 'Softmax' | 'Sigmoid';
}

/** Writes y = end(weight · front(x) + bias) as an ONNX file. */
export function writeLinearGraph(path: string, { weight, bias, front = [], end }: LinearGraph): void {
  const graph = new OnnxGraphBuilder();
  const features = weight[0]!.length;
  let value = 'x';
  for (const [operator, constant] of front) value = graph.node(operator, [value, graph.scalar('float', constant)]);
  const columns = weight[0]!.flatMap((_, i) => weight.map((row) => row[i]!));
  const matrix = graph.constant('float', [features, weight.length], columns, 'weight');
  value = graph.node('Gemm', [value, matrix, graph.constant('float', [weight.length], bias, 'bias')]);
  if (end) value = graph.node(end, [value]);
  graph.output('y', value);
  const bytes = graph.finish({
    name: 'tiny',
    documentation: '',
    input: { name: 'x', type: 'float', dims: ['N', features] },
    output: { name: 'y', type: 'float', dims: ['N', weight.length] },
    metadata: {},
  });
  writeFileSync(path, bytes);
}

/** A table of points above and below a line, 240 rows. */
export function pointsTable(): string {
  const random = uniform(5);
  const rows = Array.from({ length: 240 }, () => {
    const [x, y] = [random() - 0.5, random() - 0.5];
    return [x.toFixed(3), y.toFixed(3), y > 0.1 ? 'above' : 'below'].join(',');
  });
  return `x,y,where\n${rows.join('\n')}\n`;
}
