// Pools, and operators that only give values another shape.
import { MAX_MEAN_ELEMENTS, MAX_WINDOW, type Pair } from '@bitnetmcu/models';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf } from '../ir/tensor.js';
import type { FloatPool2d } from './float-network.js';
import { pairOf, symmetricPadding } from './map-padding.js';
import type { Mapper, Refusal } from './mapper.js';

export function mapPool(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [input, inShape] = [mapper.value(node.inputs[0]!), mapper.shapeOf(node.inputs[0]!)];
  const shape = mapper.shapeOf(node.outputs[0]!);
  if (!input || inShape?.length !== 3 || shape?.length !== 3) return undefined;
  const sizes = node.attributes.get('kernel_shape') as readonly number[];
  const list = (name: string) => node.attributes.get(name) as readonly number[] | undefined;
  const [size, stride] = [pairOf(sizes, 1), pairOf(list('strides') ?? sizes.map(() => 1), 1)];
  const refusal = (reason: string): Refusal => ({
    reason,
    nearest: `pools without dilation, with equal padding on opposite sides and windows and strides up to ${MAX_WINDOW}, are supported`,
  });
  const op = node.operator === 'MaxPool' ? 'maxPool2d' : 'avgPool2d';
  if (list('dilations')?.some((dilation) => dilation !== 1)) return refusal('its window is dilated');
  if (Math.max(...size, ...stride) > MAX_WINDOW)
    return refusal(`its window is ${size.join('×')} with stride ${stride.join(', ')}`);
  if (op === 'avgPool2d' && size[0] * size[1] > MAX_MEAN_ELEMENTS) return tooManyForMean(size);
  const padding = symmetricPadding(mapper, node, sizes);
  if (!padding) return refusal('its padding differs from side to side');
  if (padding.some((pad, axis) => pad >= size[axis]!)) return refusal('its padding is as large as its window');
  const expected = [0, 1].map(
    (axis) => Math.floor((inShape[axis + 1]! + 2 * padding[axis]! - size[axis]!) / stride[axis]!) + 1,
  );
  if (expected[0] !== shape[1] || expected[1] !== shape[2]) {
    return refusal('its last windows hang over the edge (ceil_mode)');
  }
  const countIncludePad = op === 'avgPool2d' && node.attributes.get('count_include_pad') === 1;
  return appendPool(mapper, node, input.layer, { op, inShape, size, stride, padding, countIncludePad });
}

function tooManyForMean(size: Pair): Refusal {
  return {
    reason: `it takes the mean of ${size.join('×')} values`,
    nearest: `means of up to ${MAX_MEAN_ELEMENTS} values are supported; pool or stride before it`,
  };
}

export function mapGlobalPool(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  return appendGlobal(mapper, node, node.operator === 'GlobalMaxPool' ? 'maxPool2d' : 'avgPool2d');
}

/** Over all positions of each channel: a global average pool under another name. */
export function mapReduceMean(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const sample = mapper.sampleOf(node.inputs[0]!);
  const axes = (node.attributes.get('axes') as readonly number[] | undefined) ?? mapper.constant(node, 1)?.data;
  if (!sample) return undefined;
  const rank = sample.length + 1;
  const reduced = new Set(Array.from(axes ?? [], (axis) => (axis < 0 ? axis + rank : axis)));
  if (rank < 3 || reduced.size !== rank - 2 || reduced.has(0) || reduced.has(1)) {
    return {
      reason: `it takes the mean over axes ${[...reduced].join(', ') || 'all'}`,
      nearest:
        'the mean over all positions of a channel (GlobalAveragePool) is supported; RMS norm is recognized in front of a layer',
    };
  }
  return appendGlobal(mapper, node, 'avgPool2d');
}

function appendGlobal(mapper: Mapper, node: OnnxNode, op: 'maxPool2d' | 'avgPool2d'): Refusal | undefined {
  const [input, inShape] = [mapper.value(node.inputs[0]!), mapper.shapeOf(node.inputs[0]!)];
  if (!input || inShape?.length !== 3) return undefined;
  const [channels, height, width] = inShape;
  if (Math.max(height, width) > MAX_WINDOW) {
    return {
      reason: `it pools maps of ${height}×${width} at once`,
      nearest: `global pools over maps up to ${MAX_WINDOW}×${MAX_WINDOW} are supported; pool or stride before it`,
    };
  }
  const rank = mapper.sampleOf(node.outputs[0]!)?.length;
  const window: Pair = [height, width];
  if (op === 'avgPool2d' && height * width > MAX_MEAN_ELEMENTS) return tooManyForMean(window);
  const pool = { op, inShape, size: window, stride: window, padding: [0, 0], countIncludePad: false } as const;
  if (rank !== 1) return appendPool(mapper, node, input.layer, pool);
  const name = mapper.names.numbered('pool');
  const refusal = mapper.append(name, node, [input.layer], pool, [channels, 1, 1]);
  return refusal ?? mapper.append(mapper.names.numbered('flatten'), node, [name], { op: 'flatten' });
}

function appendPool(
  mapper: Mapper,
  node: OnnxNode,
  input: string,
  pool: Pick<FloatPool2d, 'op' | 'inShape' | 'size' | 'stride' | 'padding' | 'countIncludePad'>,
): Refusal | undefined {
  return mapper.append(mapper.names.numbered('pool'), node, [input], pool);
}

/** Reshape, Flatten, Squeeze, Unsqueeze, Expand: the order of elements stays. */
export function mapReshape(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const source = node.inputs[0]!;
  const [input, from, to] = [mapper.value(source), mapper.sampleOf(source), mapper.sampleOf(node.outputs[0]!)];
  if (!input) return undefined;
  if (!from || !to || elementsOf(from) !== elementsOf(to)) {
    return { reason: 'it moves values between samples', nearest: 'keep the batch in front, as x.flatten(1) does' };
  }
  const [a, b] = [mapper.shapeOf(source), mapper.shapeOf(node.outputs[0]!)];
  if (String(a) === String(b)) return mapper.alias(node, input);
  if (input.layer === 'input' && !input.quantized && mapper.reshapeInput(node)) return undefined;
  if (b?.length === 1) return appendFlatten(mapper, node);
  return {
    reason: `it reshapes ${from.join('×')} to ${to.join('×')}`,
    nearest: 'flattening to [batch, features] is supported, and any reshape of the input itself',
  };
}

function appendFlatten(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!)!;
  const refusal = mapper.append(mapper.names.numbered('flatten'), node, [input.layer], { op: 'flatten' });
  if (!refusal && input.quantized)
    mapper.alias(node, { ...mapper.value(node.outputs[0]!)!, quantized: input.quantized });
  return refusal;
}

/** Only where nothing but dimensions of 1 change place. */
export function mapTranspose(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const shape = mapper.specialized.shapes.get(node.inputs[0]!);
  if (!shape) return undefined;
  const order = (node.attributes.get('perm') as readonly number[] | undefined) ?? [...shape.keys()].reverse();
  const moving = order.filter((axis) => shape[axis] !== 1 || axis === 0);
  if (moving.every((axis, k) => k === 0 || axis > moving[k - 1]!)) return mapReshape(mapper, node);
  return {
    reason: `it transposes ${shape.join('×')} by ${order.join(', ')}`,
    nearest: 'channels-first tensors are supported: export the model without changing the layout',
  };
}
