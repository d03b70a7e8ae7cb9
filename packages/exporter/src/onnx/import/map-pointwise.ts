// Activations, additions, affine functions of channels and static quantization.
import type { OnnxNode } from '../ir/graph.js';
import type { Tensor } from '../ir/tensor.js';
import type { Mapper, Refusal } from './mapper.js';

/** Relu, and what amounts to one: Clip from 0, Max with 0. */
export function mapRelu(mapper: Mapper, node: OnnxNode, limit = Number.POSITIVE_INFINITY): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  return mapper.append(mapper.names.numbered('relu'), node, [input.layer], { op: 'relu', limit });
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
    return (
      input &&
      mapper.append(mapper.names.numbered('relu'), node, [input.layer], { op: 'relu', limit: Number.POSITIVE_INFINITY })
    );
  }
  return { reason: 'it takes the larger of two values', nearest: 'Max with 0 (a ReLU) is supported' };
}

/** Of two layers, or of a layer and a constant for each channel. */
export function mapAdd(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const constant = mapper.constant(node, 0) ?? mapper.constant(node, 1);
  if (constant) return mapAffine(mapper, node, 1, (c) => ({ scale: 1, offset: c }));
  const [a, b] = [mapper.value(node.inputs[0]!), mapper.value(node.inputs[1]!)];
  const [shapeA, shapeB] = node.inputs.map((name) => mapper.shapeOf(name));
  if (!a || !b) return undefined;
  if (String(shapeA) !== String(shapeB)) {
    return { reason: `it adds shapes ${shapeA} and ${shapeB}`, nearest: 'an addition of equal shapes is supported' };
  }
  return mapper.append(mapper.names.numbered('add'), node, [a.layer, b.layer], { op: 'add' });
}

export function mapSub(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 1)) return mapAffine(mapper, node, 1, (c) => ({ scale: 1, offset: -c }));
  if (mapper.constant(node, 0)) return mapAffine(mapper, node, 0, (c) => ({ scale: -1, offset: c }));
  return {
    reason: 'it subtracts one layer from another',
    nearest: 'Add is supported; give the layer before it negative weights',
  };
}

export function mapMul(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 0) || mapper.constant(node, 1))
    return mapAffine(mapper, node, 1, (c) => ({ scale: c, offset: 0 }));
  return {
    reason: 'it multiplies two layers',
    nearest: 'a product with constants is supported (gating and attention are not)',
  };
}

export function mapDiv(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  if (mapper.constant(node, 1)) return mapAffine(mapper, node, 1, (c) => ({ scale: 1 / c, offset: 0 }));
  return {
    reason: 'it divides by what depends on the sample',
    nearest: 'RMS, L1 or max-abs norm over the whole sample in front of a layer is recognized; batch norm is folded',
  };
}

/** y = x·scale + offset with numbers from the constant, one for all or one a channel. */
function mapAffine(
  mapper: Mapper,
  node: OnnxNode,
  constantAt: 0 | 1,
  coefficients: (constant: number) => { scale: number; offset: number },
): Refusal | undefined {
  const at = mapper.constant(node, constantAt) ? constantAt : 1 - constantAt;
  const constant = mapper.constant(node, at)!;
  const source = node.inputs[1 - at]!;
  const [input, sample] = [mapper.value(source), mapper.sampleOf(source)];
  if (!input || !sample) return undefined;
  const values = perChannel(constant, sample, mapper.specialized.batch);
  if (!values) {
    return {
      reason: `its constant of shape ${constant.shape.join('×') || 'scalar'} differs from position to position`,
      nearest: 'one constant for all or one a channel is supported',
    };
  }
  const pairs = Array.from(values, coefficients);
  return mapper.append(mapper.names.numbered('affine'), node, [input.layer], {
    op: 'affine',
    scale: Float64Array.from(pairs, ({ scale }) => scale),
    offset: Float64Array.from(pairs, ({ offset }) => offset),
  });
}

/** One number a channel (axis 1 of the batch), where the constant, broadcast, is that. */
function perChannel(constant: Tensor, sample: readonly number[], batch: number): Float64Array | undefined {
  const channels = sample[0]!;
  if (constant.data.length === 1) return new Float64Array(channels).fill(constant.data[0]!);
  const rank = sample.length + 1;
  const shape = [...new Array<number>(Math.max(0, rank - constant.shape.length)).fill(1), ...constant.shape];
  if (shape.length !== rank || (shape[0] !== 1 && shape[0] !== batch) || shape[0] !== 1) return undefined;
  if (shape[1] !== channels || shape.slice(2).some((dimension) => dimension !== 1)) return undefined;
  return Float64Array.from(constant.data);
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
  const scale = Float64Array.from(gain, (g, c) => g / Math.sqrt(variance[c]! + epsilon));
  const offset = Float64Array.from(shift, (b, c) => b - mean[c]! * scale[c]!);
  return mapper.append(mapper.names.numbered('norm'), node, [input.layer], { op: 'affine', scale, offset });
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
    layer: input.layer,
    quantized: { scale: scale.data[0]!, zeroPoint: zeroPoint?.data[0] ?? 0, low, high },
  });
}

export function mapDequantizeLinear(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const input = mapper.value(node.inputs[0]!);
  if (!input) return undefined;
  const { quantized } = input;
  const [scale, zeroPoint] = [mapper.constant(node, 1)?.data[0], mapper.constant(node, 2)?.data[0] ?? 0];
  if (!quantized || scale !== quantized.scale || zeroPoint !== quantized.zeroPoint) {
    return {
      reason: 'no QuantizeLinear with the same scale and zero point is in front of it',
      nearest: 'pairs of QuantizeLinear and DequantizeLinear with equal parameters are supported',
    };
  }
  return mapper.append(mapper.names.numbered('quantize'), node, [input.layer], {
    op: 'staticQuantization',
    step: scale,
    low: (quantized.low - zeroPoint) * scale,
    high: (quantized.high - zeroPoint) * scale,
  });
}
