// Activations, additions, affine functions of channels and static quantization.

import { broadcastTo } from '../ir/broadcast.js';
import { Budget } from '../ir/budget.js';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import { sameOrder } from './element-order.js';
import type { Mapper, Refusal, ValueLayer } from './mapper.js';
import { IMPORT_LIMITS } from './specialize.js';

/** Relu, and what amounts to one: Clip from 0, Max with 0. */
export function mapRelu(mapper: Mapper, node: OnnxNode, limit = Number.POSITIVE_INFINITY): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  return mapper.appendElementwise('relu', node, input, { op: 'relu', limit });
}

export function mapClip(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const bound = (index: number, fallback: number) =>
    node.inputs[index] ? mapper.constant(node, index)?.data[0] : fallback;
  const [low, high] = [bound(1, Number.NEGATIVE_INFINITY), bound(2, Number.POSITIVE_INFINITY)];
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  if (low === undefined || high === undefined) {
    return { reason: 'its bounds depend on the sample', nearest: 'constant bounds are supported' };
  }
  if (input.quantized) {
    const quantized = {
      ...input.quantized,
      low: Math.max(low, input.quantized.low),
      high: Math.min(high, input.quantized.high),
    };
    return mapper.alias(node, { ...input, quantized });
  }
  if (low === 0 && high > 0) return mapRelu(mapper, node, high);
  return { reason: `it clips to ${low} … ${high}`, nearest: 'Relu, or Clip from 0 to a positive bound, is supported' };
}

export function mapMax(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const constant = mapper.constant(node, 1) ?? mapper.constant(node, 0);
  const variable = mapper.constant(node, 0) ? 1 : 0;
  if (node.inputs.length === 2 && constant?.data.every((value) => value === 0)) {
    const input = mapper.value(node.inputs[variable]!);
    return input && mapper.appendElementwise('relu', node, input, { op: 'relu', limit: Number.POSITIVE_INFINITY });
  }
  return { reason: 'it takes the larger of two values', nearest: 'Max with 0 (a ReLU) is supported' };
}

/** Of two layers, or of a layer and a constant for each channel. */
export function mapAdd(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const constant = mapper.constant(node, 0) ?? mapper.constant(node, 1);
  if (constant) return mapAffine(mapper, node, 1, (c) => ({ factor: 1, offset: c }));
  const [a, b] = [mapper.value(node.inputs[0]!), mapper.value(node.inputs[1]!)];
  const [shapeA, shapeB] = node.inputs.map((name) => mapper.specialized.shapes.get(name));
  if (!a || !b) return undefined;
  if (String(shapeA) !== String(shapeB)) {
    return { reason: `it adds shapes ${shapeA} and ${shapeB}`, nearest: 'an addition of equal shapes is supported' };
  }
  const isVector = mapper.dimensionsOf(node.inputs[0]!)?.length === 1;
  const layers = [a, b].map(({ layer }) => (isVector ? mapper.vectorOf(layer, node) : layer)) as [string, string];
  const [layerA, layerB] = layers.map((layer) => mapper.layerShape(layer));
  if (!sameOrder(a.order, b.order) || String(layerA) !== String(layerB)) {
    return {
      reason: 'its summands lie in memory in different orders',
      nearest: 'an addition of maps, or of vectors flattened the same way, is supported',
    };
  }
  return mapper.append(mapper.names.numbered('add'), node, layers, { op: 'add' }, layerA!, a.order);
}

export function mapSub(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 1)) return mapAffine(mapper, node, 1, (c) => ({ factor: 1, offset: -c }));
  if (mapper.constant(node, 0)) return mapAffine(mapper, node, 0, (c) => ({ factor: -1, offset: c }));
  return {
    reason: 'it subtracts one layer from another',
    nearest: 'Add is supported; give the layer before it negative weights',
  };
}

export function mapMul(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 0) || mapper.constant(node, 1))
    return mapAffine(mapper, node, 1, (c) => ({ factor: c, offset: 0 }));
  return {
    reason: 'it multiplies two layers',
    nearest: 'a product with constants is supported (gating and attention are not)',
  };
}

export function mapDiv(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 1)) return mapAffine(mapper, node, 1, (c) => ({ factor: 1 / c, offset: 0 }));
  return {
    reason: 'it divides by what depends on the sample',
    nearest: 'RMS, L1 or max-abs norm over the whole sample in front of a layer is recognized; batch norm is folded',
  };
}

/** y = x·factor + offset with numbers from the constant, one for all or one a channel. */
function mapAffine(
  mapper: Mapper,
  node: OnnxNode,
  constantAt: 0 | 1,
  coefficients: (constant: number) => { factor: number; offset: number },
): Refusal | undefined {
  const at = mapper.constant(node, constantAt) ? constantAt : 1 - constantAt;
  const constant = mapper.constant(node, at)!;
  return appendAffine(mapper, node, node.inputs[1 - at]!, 'affine', constant, coefficients);
}

/** An affine layer whose coefficients come from a constant that is broadcast over the value `source`. */
function appendAffine(
  mapper: Mapper,
  node: OnnxNode,
  source: string,
  kind: string,
  constant: Tensor,
  coefficients: (constant: number) => { factor: number; offset: number },
): Refusal | undefined {
  const input = mapper.value(source);
  const shape = mapper.specialized.shapes.get(source);
  if (!input || !shape) return undefined;
  const add = (value: ValueLayer, values: Float64Array) => {
    const pairs = Array.from(values, coefficients);
    return mapper.appendElementwise(kind, node, value, {
      op: 'affine',
      factor: Float64Array.from(pairs, ({ factor }) => factor),
      offset: Float64Array.from(pairs, ({ offset }) => offset),
    });
  };
  const refusal: Refusal = {
    reason: `its constant of shape ${constant.shape.join('×') || 'scalar'} differs from position to position`,
    nearest: 'one constant for all or one a channel is supported',
  };
  const layerShape = mapper.layerShape(input.layer);
  if (constant.data.length === 1) return add(input, new Float64Array(layerShape[0]).fill(constant.data[0]!));
  const target = mapper.specialized.shapes.get(node.outputs[0]!);
  if (String(target) !== String(shape)) return refusal;
  const values = perElement(mapper, constant, shape, input, elementsOf(layerShape));
  const channels = values && perChannel(values, layerShape[0]);
  if (channels) return add(input, channels);
  // One a feature, where the maps were flattened before.
  if (!values || mapper.dimensionsOf(source)?.length !== 1) return refusal;
  return add({ ...input, layer: mapper.vectorOf(input.layer, node) }, values);
}

/** The constant's number for each element of the layer; undefined where samples differ. */
function perElement(
  mapper: Mapper,
  constant: Tensor,
  shape: readonly number[],
  { order }: ValueLayer,
  elements: number,
): Float64Array | undefined {
  const { batch, graph } = mapper.specialized;
  const call = {
    inputs: [],
    attributes: new Map(),
    opset: graph.opset,
    outputs: 1,
    budget: new Budget(IMPORT_LIMITS),
  };
  const { data } = broadcastTo(call, constant, shape);
  if (data.length !== batch * elements) return undefined;
  for (let i = elements; i < data.length; i++) if (data[i] !== data[i % elements]) return undefined;
  const values = new Float64Array(elements);
  for (let i = 0; i < elements; i++) values[order ? order[i]! : i] = data[i]!;
  return values;
}

/** One number a channel, where all positions of each have the same. */
function perChannel(values: Float64Array, channels: number): Float64Array | undefined {
  const positions = values.length / channels;
  const first = Float64Array.from({ length: channels }, (_, c) => values[c * positions]!);
  return values.every((value, i) => value === first[Math.floor(i / positions)]) ? first : undefined;
}

export function mapBatchNormalization(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const parameters = [1, 2, 3, 4].map((index) => mapper.constant(node, index)?.data);
  const input = mapper.value(node.inputs[0]!);
  const [gain, shift, mean, variance] = parameters;
  if (!gain || !shift || !mean || !variance) {
    return { reason: 'its statistics depend on the sample', nearest: 'export the model after model.eval()' };
  }
  if (!input) return undefined;
  const epsilon = (node.attributes.get('epsilon') as number | undefined) ?? 1e-5;
  // Its channels are the dimension behind the batch, whichever of the layer's that is.
  const shape = mapper.specialized.shapes.get(node.inputs[0]!)!.map((_, axis) => (axis === 1 ? gain.length : 1));
  const channels = { type: 'float64', shape, data: Float64Array.from(gain, (_, c) => c) } as const;
  return appendAffine(mapper, node, node.inputs[0]!, 'norm', channels, (c) => {
    const factor = gain[c]! / Math.sqrt(variance[c]! + epsilon);
    return { factor, offset: shift[c]! - mean[c]! * factor };
  });
}

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
  uint16: [0, 65_535],
};

export function mapQuantizeLinear(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [scale, zeroPoint] = [mapper.constant(node, 1), mapper.constant(node, 2)];
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  if (scale?.data.length !== 1 || (node.inputs[2] && zeroPoint?.data.length !== 1)) {
    return {
      reason: 'its scale is not one constant',
      nearest: 'activations with one constant scale and zero point are supported',
    };
  }
  const [low, high] = RANGES[zeroPoint?.type ?? 'uint8'] ?? [0, 255];
  return mapper.alias(node, {
    ...input,
    quantized: { scale: scale.data[0]!, zeroPoint: zeroPoint?.data[0] ?? 0, low, high },
  });
}

export function mapDequantizeLinear(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  const { quantized } = input;
  if (!quantized && input.layer === 'input' && mapper.specialized.graph.inputs[0]!.type === 'uint8') {
    return mapDequantizedInput(mapper, node);
  }
  const [scale, zeroPoint] = [mapper.constant(node, 1)?.data[0], mapper.constant(node, 2)?.data[0] ?? 0];
  if (!quantized || scale !== quantized.scale || zeroPoint !== quantized.zeroPoint) {
    return {
      reason: 'no QuantizeLinear with the same scale and zero point is in front of it',
      nearest: 'pairs of QuantizeLinear and DequantizeLinear with equal parameters are supported',
    };
  }
  return mapper.appendElementwise('quantize', node, input, {
    op: 'staticQuantization',
    step: scale,
    low: (quantized.low - zeroPoint) * scale,
    high: (quantized.high - zeroPoint) * scale,
  });
}

/** Of a graph that reads integers: (x − zero point)·scale. */
function mapDequantizedInput(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [scale, zeroPoint] = [mapper.constant(node, 1), mapper.constant(node, 2)?.data[0] ?? 0];
  if (scale?.data.length !== 1) {
    return { reason: 'its scale is not one constant', nearest: 'one scale for all of the input is supported' };
  }
  return appendAffine(mapper, node, node.inputs[0]!, 'affine', scale, (s) => ({ factor: s, offset: -s * zeroPoint }));
}
