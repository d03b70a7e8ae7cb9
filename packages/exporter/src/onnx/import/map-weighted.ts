// Gemm and MatMul → linear, or a convolution of one tap where they multiply every position of maps.
import type { OnnxNode } from '../ir/graph.js';
import { elementsOf, type Tensor } from '../ir/tensor.js';
import type { ElementOrder } from './element-order.js';
import type { Mapper, Refusal } from './mapper.js';

export const CONSTANT_WEIGHTS: Refusal = {
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
  const constant = mapper.constant(node, 2);
  const bias = constant && scaledBias(constant, beta);
  return appendProduct(mapper, node, outputMajor(weights, transposed, alpha), bias, weights.shape);
}

/** A product with a constant matrix from the right, perhaps under leading dimensions of 1. */
export function mapMatMul(mapper: Mapper, node: OnnxNode): Refusal | undefined {
  const [a, weights] = [mapper.value(node.inputs[0]!), mapper.constant(node, 1)];
  if (!weights) return CONSTANT_WEIGHTS;
  if (!a) return undefined;
  const isMatrix = weights.shape.length >= 2 && elementsOf(weights.shape.slice(0, -2)) === 1;
  if (!isMatrix) return productRefusal(elementsOf(mapper.dimensionsOf(node.inputs[0]!)!.slice(0, -1)), weights.shape);
  return appendProduct(mapper, node, outputMajor(weights, false, 1), undefined, weights.shape);
}

/** A linear layer where a sample has one row, a convolution of one tap where its rows are the positions of maps. */
function appendProduct(
  mapper: Mapper,
  node: OnnxNode,
  matrix: Matrix,
  bias: Float32Array | undefined,
  weights: readonly number[],
): Refusal | undefined {
  const { layer, order } = mapper.value(node.inputs[0]!)!;
  const dimensions = mapper.dimensionsOf(node.inputs[0]!)!;
  const rows = elementsOf(dimensions) / matrix.inputs;
  const full = bias?.length === 1 ? new Float32Array(matrix.outputs).fill(bias[0]!) : bias;
  if (full && full.length !== matrix.outputs) {
    return {
      reason: `its bias has ${full.length} values for ${matrix.outputs} outputs`,
      nearest: 'one bias an output is supported',
    };
  }
  if (rows === 1) return appendLinear(mapper, node, matrix, full);
  const positions = positionsOfRows(mapper, layer, order, rows, matrix.inputs);
  return positions ? appendEverywhere(mapper, node, layer, matrix, full, positions) : productRefusal(rows, weights);
}

function productRefusal(rows: number, weights: readonly number[]): Refusal {
  return {
    reason: `it multiplies ${rows} rows a sample with a matrix stack of ${weights.join('×')}`,
    nearest:
      'one row a sample ([batch, features]), or the channels of every position of maps, are supported; a 1×1 convolution does the same',
  };
}

/** Where each row is in a layer's maps, where the rows are what the channels have at one position; undefined else. */
function positionsOfRows(
  mapper: Mapper,
  layer: string,
  order: ElementOrder,
  rows: number,
  columns: number,
): Int32Array | undefined {
  const shape = mapper.layerShape(layer);
  if (shape.length !== 3 || shape[0] !== columns || shape[1] * shape[2] !== rows) return undefined;
  const element = (i: number) => (order ? order[i]! : i);
  const positions = Int32Array.from({ length: rows }, (_, row) => element(row * columns));
  for (let i = 0; i < rows * columns; i++) {
    if (element(i) !== (i % columns) * rows + positions[Math.floor(i / columns)]!) return undefined;
  }
  return positions;
}

/** The matrix at every position of maps. */
function appendEverywhere(
  mapper: Mapper,
  node: OnnxNode,
  input: string,
  { outputs, values }: Matrix,
  bias: Float32Array | undefined,
  positions: Int32Array,
): undefined {
  const inShape = mapper.layerShape(input) as readonly [number, number, number];
  const layer = {
    op: 'conv2d',
    inShape,
    outChannels: outputs,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    groups: 1,
    weight: values,
    bias,
  } as const;
  const order = Int32Array.from(
    { length: positions.length * outputs },
    (_, i) => (i % outputs) * positions.length + positions[Math.floor(i / outputs)]!,
  );
  const name = mapper.names.forWeights('conv', node, node.inputs[1]!);
  return mapper.append(name, node, [input], layer, [outputs, inShape[1], inShape[2]], order);
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
  { outputs, inputs, values }: Matrix,
  bias: Float32Array | undefined,
): undefined {
  const { layer: source, order } = mapper.value(node.inputs[0]!)!;
  const input = mapper.vectorOf(source, node);
  const name = mapper.names.forWeights('fc', node, node.inputs[1]!);
  const weight = order ? withColumnsMoved(values, inputs, order) : values;
  const layer = { op: 'linear', inFeatures: inputs, outFeatures: outputs, weight, bias } as const;
  return mapper.append(name, node, [input], layer, [outputs], undefined);
}

/** Each row with its weights where the layer has the elements that they multiply. */
function withColumnsMoved(values: Float32Array, columns: number, order: Int32Array): Float32Array {
  const moved = new Float32Array(values.length);
  for (let start = 0; start < values.length; start += columns) {
    for (let i = 0; i < columns; i++) moved[start + order[i]!] = values[start + i]!;
  }
  return moved;
}
