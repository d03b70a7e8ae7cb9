// Pools over windows, and over all positions of a channel.
import { MAX_MEAN_ELEMENTS, MAX_WINDOW, type Pair } from '@bitnetmcu/models/internal';
import type { FloatPool2d } from '../../float/float-network.js';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf } from '../ir/tensor.js';
import { appendCut, evenWindows, pairOf, reachAfter, type WindowAxis, windowAxes } from './map-padding.js';
import type { Mapper, Refusal } from './mapper.js';
import { readMaps } from './read-maps.js';

type Kind = FloatPool2d['op'];
type Maps = readonly [number, number, number];

export function mapPool(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const read = readMaps(mapper, node.inputs[0]!);
  const to = mapper.mapsOf(node.outputs[0]!);
  if (!read || !to) return undefined;
  if ('refusal' in read) return read.refusal;
  if (read.as === 'rows') {
    return {
      reason: 'it pools a signal whose features are the columns of the input',
      nearest: 'a convolution in front of it, or an input [batch, features, length], is supported',
    };
  }
  const sizes = node.attributes.get('kernel_shape') as readonly number[];
  const list = (name: string) => node.attributes.get(name) as readonly number[] | undefined;
  const size = pairOf(sizes, 1);
  const stride = pairOf(list('strides') ?? sizes.map(() => 1), 1);
  const refusal = (reason: string): Refusal => ({
    reason,
    nearest: `pools without dilation, with windows and strides up to ${MAX_WINDOW}, are supported`,
  });
  const op = node.operator === 'MaxPool' ? 'maxPool2d' : 'avgPool2d';
  if (list('dilations')?.some((dilation) => dilation !== 1)) return refusal('its window is dilated');
  if (Math.max(...size, ...stride) > MAX_WINDOW)
    return refusal(`its window is ${size.join('×')} with stride ${stride.join(', ')}`);
  if (op === 'avgPool2d' && size[0] * size[1] > MAX_MEAN_ELEMENTS) return tooManyForMean(size);
  const axes = windowAxes(node, { from: read.maps, to }, size, stride);
  if (axes.some(({ before, extent }) => before >= extent)) return refusal('its padding is as large as its window');
  const padded = axes.some(({ before, after }) => before + after > 0);
  const countIncludePad = op === 'avgPool2d' && padded && node.attributes.get('count_include_pad') === 1;
  if (countIncludePad && axes.some((axis) => reachAfter(axis) > axis.after)) {
    return refusal('its last windows hang over the edge (ceil_mode) while the mean counts the padding');
  }
  const turned = read.as === 'turned' ? ([axes[1], axes[0]] as const) : axes;
  return appendWindows(mapper, node, read.layer, { op, countIncludePad }, read.inShape, turned);
}

function tooManyForMean(size: Pair): Refusal {
  return {
    reason: `it takes the mean of ${size.join('×')} values`,
    nearest: `means of up to ${MAX_MEAN_ELEMENTS} values are supported; pool or stride before it`,
  };
}

/** The pool with equal padding on opposite sides, and the crop of what that adds. */
function appendWindows(
  mapper: Mapper,
  node: OnnxNode,
  layer: string,
  kind: Pick<FloatPool2d, 'op' | 'countIncludePad'>,
  inShape: Maps,
  axes: readonly [WindowAxis, WindowAxis],
): undefined {
  const [channels] = inShape;
  const size: Pair = [axes[0].extent, axes[1].extent];
  const stride: Pair = [axes[0].stride, axes[1].stride];
  const wanted: Maps = [channels, axes[0].output, axes[1].output];
  const { padding, outputs, cut } = evenWindows(axes);
  if (padding.every((pad, k) => pad < size[k]!)) {
    const name = mapper.names.numbered('pool');
    mapper.append(name, node, [layer], { ...kind, inShape, size, stride, padding }, [channels, ...outputs], undefined);
    return cut && appendCut(mapper, node, name, cut, wanted);
  }
  // Whole strides of padding would leave windows without anything of the map: every window there is, then each stride-th of them.
  const dense = axes.map((axis) => ({ ...axis, stride: 1, output: (axis.output - 1) * axis.stride + 1 }));
  appendWindows(mapper, node, layer, kind, inShape, dense as unknown as readonly [WindowAxis, WindowAxis]);
  const all = mapper.value(node.outputs[0]!)!.layer;
  const picked = {
    op: 'maxPool2d',
    inShape: mapper.layerShape(all) as Maps,
    size: [1, 1],
    stride,
    padding: [0, 0],
    countIncludePad: false,
  } as const;
  return mapper.append(mapper.names.numbered('pool'), node, [all], picked, wanted, undefined);
}

export function mapGlobalPool(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const dimensions = mapper.dimensionsOf(node.inputs[0]!);
  if (!dimensions || !mapper.value(node.inputs[0]!)) return undefined;
  const kind = node.operator === 'GlobalMaxPool' ? 'maxPool2d' : 'avgPool2d';
  return appendGlobal(mapper, node, kind, new Set(dimensions.map((_, axis) => axis).slice(1)), {
    reason: `it pools ${dimensions.join('×')}, which is no layer's maps`,
    nearest: 'maps [batch, channels, height, width] are supported',
  });
}

/** Over all positions of each channel, wherever its axis is: a global pool under another name. */
export function mapReduce(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const sample = mapper.sampleOf(node.inputs[0]!);
  const axes = (node.attributes.get('axes') as readonly number[] | undefined) ?? mapper.constant(node, 1)?.data;
  if (!sample || !mapper.value(node.inputs[0]!)) return undefined;
  const rank = sample.length + 1;
  const reduced = new Set(Array.from(axes ?? [], (axis) => (axis < 0 ? axis + rank : axis)));
  const kind = node.operator === 'ReduceMax' ? 'maxPool2d' : 'avgPool2d';
  const refusal = {
    reason: `it takes the ${kind === 'maxPool2d' ? 'maximum' : 'mean'} over axes ${[...reduced].join(', ') || 'all'}`,
    nearest:
      'the mean or maximum over all positions of a channel (GlobalAveragePool, GlobalMaxPool) is supported; RMS norm is recognized in front of a layer',
  };
  if (rank < 3 || reduced.size === 0 || reduced.has(0)) return refusal;
  return appendGlobal(mapper, node, kind, new Set([...reduced].map((axis) => axis - 1)), refusal);
}

/** @param reduced axes of a sample. @param otherwise the refusal where those are not all positions of each channel. */
function appendGlobal(
  mapper: Mapper,
  node: OnnxNode,
  op: Kind,
  reduced: ReadonlySet<number>,
  otherwise: Refusal,
): Refusal | undefined {
  const { layer, order } = mapper.value(node.inputs[0]!)!;
  const inShape = mapper.layerShape(layer);
  if (inShape.length !== 3) return otherwise;
  if (!keepsChannels(mapper.dimensionsOf(node.inputs[0]!)!, reduced, order, inShape)) return otherwise;
  const [channels, height, width] = inShape;
  if (Math.max(height, width) > MAX_WINDOW) {
    return {
      reason: `it pools maps of ${height}×${width} at once`,
      nearest: `global pools over maps up to ${MAX_WINDOW}×${MAX_WINDOW} are supported; pool or stride before it`,
    };
  }
  const window: Pair = [height, width];
  if (op === 'avgPool2d' && height * width > MAX_MEAN_ELEMENTS) return tooManyForMean(window);
  const pool = { op, inShape, size: window, stride: window, padding: [0, 0], countIncludePad: false } as const;
  return mapper.append(mapper.names.numbered('pool'), node, [layer], pool, [channels, 1, 1], undefined);
}

/** Whether what is left of the axes are the layer's channels in order. */
function keepsChannels(
  dimensions: readonly number[],
  reduced: ReadonlySet<number>,
  order: Int32Array | undefined,
  [channels, height, width]: Maps,
): boolean {
  const elements = elementsOf(dimensions);
  if (elements !== channels * height * width) return false;
  for (let i = 0; i < elements; i++) {
    let [rest, kept, step] = [i, 0, 1];
    for (let axis = dimensions.length - 1; axis >= 0; axis--) {
      const position = rest % dimensions[axis]!;
      rest = Math.floor(rest / dimensions[axis]!);
      if (reduced.has(axis)) continue;
      kept += position * step;
      step *= dimensions[axis]!;
    }
    if (Math.floor((order ? order[i]! : i) / (height * width)) !== kept) return false;
  }
  return true;
}
