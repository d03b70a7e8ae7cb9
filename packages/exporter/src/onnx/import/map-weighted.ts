// Gemm, MatMul and Conv → linear and conv2d.
import { MAX_PADDING, MAX_WINDOW } from '@bitnetmcu/models';
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import { pairOf, symmetricPadding } from './map-padding.js';
import type { Mapper, Refusal } from './mapper.js';

const CONSTANT_WEIGHTS: Refusal = {
  reason: 'its weights depend on the sample',
  nearest: 'a product with constant weights is supported (attention and gating are not)',
};

/** α·A·B + β·C. */
export function mapGemm(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [a, weights] = [mapper.value(node.inputs[0]!), mapper.constant(node, 1)];
  if (!weights || (node.inputs[2] && !mapper.constant(node, 2))) return CONSTANT_WEIGHTS;
  const number = (name: string, fallback: number) => (node.attributes.get(name) as number | undefined) ?? fallback;
  if (number('transA', 0) !== 0) {
    return { reason: 'transA = 1 multiplies samples with each other', nearest: 'transA = 0 is supported' };
  }
  if (!a) return undefined;
  const transposed = number('transB', 0) !== 0;
  const [alpha, beta] = [number('alpha', 1), number('beta', 1)];
  const bias = mapper.constant(node, 2);
  return appendLinear(mapper, node, a.layer, outputMajor(weights, transposed, alpha), bias && scaledBias(bias, beta));
}

/** A product with a constant matrix from the right, perhaps under leading dimensions of 1. */
export function mapMatMul(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [a, weights] = [mapper.value(node.inputs[0]!), mapper.constant(node, 1)];
  if (!weights) return CONSTANT_WEIGHTS;
  const sample = mapper.sampleOf(node.inputs[0]!);
  if (!a || !sample) return undefined;
  const rows = elementsOf(sample.slice(0, -1));
  if (weights.shape.length < 2 || elementsOf(weights.shape.slice(0, -2)) !== 1 || rows !== 1) {
    return {
      reason: `it multiplies ${rows} rows a sample with a matrix stack of ${weights.shape.join('×')}`,
      nearest: 'one row a sample ([batch, features]) is supported; a 1×1 convolution does the same for every position',
    };
  }
  return appendLinear(mapper, node, a.layer, outputMajor(weights, false, 1), undefined);
}

interface Matrix {
  readonly outputs: number;
  readonly inputs: number;
  readonly values: Float32Array;
}

function outputMajor(tensor: Tensor, stored: boolean, factor: number): Matrix {
  const [rows, columns] = tensor.shape.slice(-2) as [number, number];
  const [outputs, inputs] = stored ? [rows, columns] : [columns, rows];
  const values = new Float32Array(outputs * inputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      values[o * inputs + i] = factor * tensor.data[stored ? o * inputs + i : i * outputs + o]!;
    }
  }
  return { outputs, inputs, values };
}

function scaledBias(tensor: Tensor, factor: number): Float32Array {
  return Float32Array.from(tensor.data, (value) => factor * value);
}

function appendLinear(
  mapper: Mapper,
  node: OnnxNode,
  input: string,
  { outputs, inputs, values }: Matrix,
  bias: Float32Array | undefined,
): Refusal | undefined {
  const full = bias?.length === 1 ? new Float32Array(outputs).fill(bias[0]!) : bias;
  if (full && full.length !== outputs) {
    return {
      reason: `its bias has ${full.length} values for ${outputs} outputs`,
      nearest: 'one bias an output is supported',
    };
  }
  const name = mapper.names.forWeights('fc', node, node.inputs[1]!);
  const layer = { op: 'linear', inFeatures: inputs, outFeatures: outputs, weight: values, bias: full } as const;
  return mapper.append(name, node, [input], layer, [outputs]);
}

/** Over one or two axes; dilation becomes zeros in the kernel. */
export function mapConv(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const weights = mapper.constant(node, 1);
  if (!weights || (node.inputs[2] && !mapper.constant(node, 2))) return CONSTANT_WEIGHTS;
  const [input, inShape] = [mapper.value(node.inputs[0]!), mapper.shapeOf(node.inputs[0]!)];
  if (!input || inShape?.length !== 3) return undefined;
  const spatial = weights.shape.length - 2;
  const list = (name: string, fallback: number) =>
    (node.attributes.get(name) as readonly number[] | undefined) ?? new Array<number>(spatial).fill(fallback);
  const kernel = pairOf(weights.shape.slice(2), 1);
  const stride = pairOf(list('strides', 1), 1);
  const dilation = pairOf(list('dilations', 1), 1);
  const extent = [(kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1] as const;
  const padding = symmetricPadding(mapper, node, spatial === 1 ? [extent[1]] : extent);
  if (!padding)
    return {
      reason: 'its padding differs from side to side',
      nearest: 'equal padding above and below, and left and right, is supported',
    };
  if (Math.max(...extent, ...stride) > MAX_WINDOW || Math.max(...padding) > MAX_PADDING) {
    return {
      reason: `its kernel of ${extent.join('×')} with stride ${stride.join(', ')} and padding ${padding.join(', ')} is too large`,
      nearest: `kernels (with dilation) and strides up to ${MAX_WINDOW} and padding up to ${MAX_PADDING} are supported`,
    };
  }
  const bias = mapper.constant(node, 2);
  return mapper.append(mapper.names.forWeights('conv', node, node.inputs[1]!), node, [input.layer], {
    op: 'conv2d',
    inShape,
    outChannels: weights.shape[0]!,
    kernel: extent,
    stride,
    padding,
    groups: (node.attributes.get('group') as number | undefined) ?? 1,
    weight: dilated(weights, kernel, dilation, extent),
    bias: bias && Float32Array.from(bias.data),
  });
}

/** The kernel with zeros between its taps. */
function dilated(
  weights: Tensor,
  kernel: readonly number[],
  dilation: readonly number[],
  extent: readonly number[],
): Float32Array {
  if (kernel.every((size, axis) => size === extent[axis])) return Float32Array.from(weights.data);
  const [rows, columns] = kernel as [number, number];
  const kernels = weights.data.length / (rows * columns);
  const out = new Float32Array(kernels * extent[0]! * extent[1]!);
  for (let k = 0, i = 0; k < kernels; k++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++, i++) {
        out[(k * extent[0]! + y * dilation[0]!) * extent[1]! + x * dilation[1]!] = weights.data[i]!;
      }
    }
  }
  return out;
}
