// How a graph's samples lie in memory and how the network's do: graphs may read channels last, networks and data sets have channels first.
import type { Shape } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';
import type { OnnxGraph } from '../ir/graph.js';
import { elementsOf } from '../ir/tensor.js';
import { type ElementOrder, invertedOrder, MOVES, movedOrder } from './element-order.js';
import { type SpecializedGraph, specialize } from './specialize.js';

export interface InputLayout {
  /** Of one sample of the network. */
  readonly shape: Shape;
  /** Of one sample of the graph, as in the file. */
  readonly sample: readonly number[];
  /** Which element of the network's sample each element of the graph's sample is; undefined: the same one. */
  readonly order: ElementOrder;
}

/**
 * The layout of a graph's input.
 * @param inputShape of one sample as the graph reads it, where the file leaves dimensions open.
 * @throws ExporterError as `specialize`.
 */
export function inputLayout(graph: OnnxGraph, inputShape?: readonly number[]): InputLayout {
  return layoutOf(specialize(graph, inputShape));
}

/**
 * The shape of one sample as a graph with open dimensions reads it, for samples of a data set; undefined where the file fixes all of them.
 * @throws ExporterError `onnx-input` where neither channels first nor channels last fits what is fixed.
 */
export function openSampleShape(graph: OnnxGraph, data: readonly number[]): readonly number[] | undefined {
  const declared = graph.inputs[0]?.shape?.slice(1);
  if (declared?.every((dimension) => typeof dimension === 'number')) return undefined;
  if (declared === undefined) return data;
  const [channels, height, width] = (data.length === 3 ? data : [1, 1, elementsOf(data)]) as [number, number, number];
  const candidates: number[][] = [
    [...data],
    [channels, height, width],
    [height, width, channels],
    [height, width],
    [channels * height, width],
    [elementsOf(data)],
  ];
  const fits = (shape: readonly number[]) =>
    shape.length === declared.length &&
    elementsOf(shape) === elementsOf(data) &&
    shape.every((size, axis) => typeof declared[axis] === 'string' || declared[axis] === size);
  const found = candidates.find(fits);
  if (found) return found;
  throw new ExporterError(
    'onnx-input',
    `The graph reads samples of ${declared.join('×')} and the data set has ${data.join('×')} (channels, height, width); export the model with the shape of its samples fixed, or give data that fit`,
  );
}

/** Samples of the network, one after another, as the graph reads them. */
export function asGraphReads<T extends Float32Array | Float64Array | Uint8Array>(
  samples: T,
  { order }: InputLayout,
): T {
  if (!order) return samples;
  const moved = samples.slice() as T;
  for (let start = 0; start < samples.length; start += order.length) {
    for (let i = 0; i < order.length; i++) moved[start + i] = samples[start + order[i]!]!;
  }
  return moved;
}

/** Operators that read maps [channels, height, width] and so say where a sample has its channels. */
const READ_MAPS: ReadonlySet<string> = new Set('AveragePool Conv GlobalAveragePool GlobalMaxPool MaxPool'.split(' '));
/** Operators that give each element of their first variable input a value. */
const ELEMENTWISE: ReadonlySet<string> = new Set(
  'Add BatchNormalization Clip DequantizeLinear Div Max Mul QuantizeLinear Relu Sub'.split(' '),
);

/** The layout that the operators behind the input ask for. */
export function layoutOf(specialized: SpecializedGraph): InputLayout {
  const { graph, shapes } = specialized;
  const input = graph.inputs[0]!.name;
  const sample = shapes.get(input)!.slice(1);
  const read = readAsMaps(specialized, input, elementsOf(sample));
  if (read) {
    const { shape, view } = read;
    if (view === undefined) return { shape, sample, order: undefined };
    if (isChannelsLast(sample, shape, view)) return { shape, sample, order: invertedOrder(view) };
    // A signal [length, features]: the picture of one channel that data sets have of it.
    const [length, features] = sample;
    if (sample.length === 2) return { shape: [1, length!, features!], sample, order: undefined };
  }
  return readAsVector(specialized, input, sample);
}

interface Maps {
  readonly shape: readonly [number, number, number];
  /** Which element of the graph's sample each of them is. */
  readonly view: ElementOrder;
}

/** The input as the first operator that reads maps sees it. */
function readAsMaps(specialized: SpecializedGraph, input: string, elements: number): Maps | undefined {
  const { shapes, constants, batch } = specialized;
  const views = new Map<string, ElementOrder>([[input, undefined]]);
  for (const node of specialized.nodes) {
    const source = node.inputs.find((name) => views.has(name));
    const [output] = node.outputs;
    if (source === undefined || output === undefined) continue;
    const view = views.get(source);
    if (MOVES.has(node.operator)) {
      const moved = movedOrder(specialized, node, view, elements);
      if (moved && moved.order?.length !== 0 && shapes.get(output)) views.set(output, moved.order);
    } else if (READ_MAPS.has(node.operator)) {
      const shape = shapes.get(source)!;
      const maps = shape[0] === batch ? mapsOf(shape.slice(1)) : undefined;
      if (maps && elementsOf(maps) === elements) return { shape: maps, view };
    } else if (ELEMENTWISE.has(node.operator)) {
      const others = node.inputs.filter((name) => name !== '' && name !== source);
      const sameShape = String(shapes.get(output)) === String(shapes.get(source));
      if (sameShape && others.every((name) => constants.has(name))) views.set(output, view);
    }
  }
  return undefined;
}

/** Dimensions of a sample as maps; a signal [channels, length] has one row. */
export function mapsOf(sample: readonly number[]): readonly [number, number, number] | undefined {
  if (sample.length === 2) return [sample[0]!, 1, sample[1]!];
  return sample.length === 3 ? [sample[0]!, sample[1]!, sample[2]!] : undefined;
}

/** Whether maps are a sample [height, width, channels] transposed. */
function isChannelsLast(
  sample: readonly number[],
  [channels, height, width]: Maps['shape'],
  view: Int32Array,
): boolean {
  if (sample.length !== 3 || sample[0] !== height || sample[1] !== width || sample[2] !== channels) return false;
  const positions = height * width;
  return view.every((element, i) => element === (i % positions) * channels + Math.floor(i / positions));
}

/** A picture has no more channels than this, where nothing else tells channels from rows. */
const MOST_CHANNELS = 4;

/** The input where no operator reads it as maps. */
function readAsVector(specialized: SpecializedGraph, input: string, sample: readonly number[]): InputLayout {
  const { shapes, nodes, batch } = specialized;
  // The graph may give its input another shape in its first nodes: that is the network's then.
  let name = input;
  for (;;) {
    const readers = nodes.filter(({ inputs }) => inputs.includes(name));
    const [reader] = readers;
    if (readers.length !== 1 || !reader || !MOVES.has(reader.operator)) break;
    const moved = movedOrder(specialized, reader, undefined, elementsOf(sample));
    const output: string = reader.outputs[0]!;
    if (!moved || moved.order !== undefined || shapes.get(output)![0] !== batch) break;
    name = output;
  }
  const [rows, columns, channels] = sample;
  if (sample.length === 3 && channels! > 1 && channels! <= MOST_CHANNELS && rows! > MOST_CHANNELS) {
    const positions = rows! * columns!;
    const order = Int32Array.from(
      { length: positions * channels! },
      (_, i) => (i % channels!) * positions + Math.floor(i / channels!),
    );
    return { shape: [channels!, rows!, columns!], sample, order };
  }
  const last = shapes.get(name)!.slice(1);
  if (last.length === 3 && last[2] === 1 && last[0]! > 1)
    return { shape: [1, last[0]!, last[1]!], sample, order: undefined };
  const maps = mapsOf(last);
  return { shape: maps ?? [elementsOf(last)], sample, order: undefined };
}
