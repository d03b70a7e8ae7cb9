// The integer network in ONNX's integer operators: every tensor holds the integers of the reference inference, bit for bit.
import type { NodeBounds, ResolvedNode, Shape } from '@bitnetmcu/models';
import {
  type AddNode,
  type AvgPool2dNode,
  type Conv2dNode,
  elementCount,
  type LinearNode,
  type MaxPool2dNode,
  nodeIntegers,
  type Pair,
  type RequantizeNode,
  type WeightedNode,
} from '@bitnetmcu/models/internal';
import type { ElementType, OnnxGraphBuilder } from './graph-builder.js';
import { meanConstants, type PerPosition, windowAttributes } from './mean-divisors.js';
import { perSample, powerAbove, sampleMaximum } from './sample-scale.js';

/** A tensor of the graph. int8 activations that are never negative are uint8, which MatMulInteger takes without a zero point. */
export interface IntegerTensor {
  readonly name: string;
  readonly type: 'int8' | 'uint8' | 'int32';
  readonly shape: Shape;
}

/** float32 holds every integer up to here, so that sums of them are exact in any order. */
const FLOAT_EXACT = 2 ** 24;

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** Appends one node of the model; its output is called `<node>/output`. */
export function appendIntegerNode(
  graph: OnnxGraphBuilder,
  resolved: ResolvedNode,
  inputs: readonly IntegerTensor[],
  bounds: NodeBounds,
): IntegerTensor {
  const { node, outputShape: shape } = resolved;
  const x = inputs[0]!;
  graph.scope = node.name;
  const int32 = (name: string): IntegerTensor => ({ name, type: 'int32', shape });
  switch (node.op) {
    case 'linear':
      return int32(linear(graph, node, x));
    case 'conv2d':
      return int32(conv2d(graph, node, x, shape, bounds));
    case 'shiftNorm':
      return { name: shiftNorm(graph, x), type: 'uint8', shape };
    case 'maxAbsNorm':
      return { name: maxAbsNorm(graph, x), type: 'uint8', shape };
    case 'reluShift': {
      const positive = graph.node('Max', [asInt32(graph, x), graph.scalar('int32', 0)]);
      return int32(graph.node('Div', [positive, graph.scalar('int32', 2 ** node.shift)], {}, 'output'));
    }
    case 'requantize':
      return { ...requantize(graph, node, x), shape };
    case 'lookup': {
      const table = graph.constant('int8', [node.table.length], node.table, 'table');
      const index = graph.node('Add', [asInt32(graph, x), graph.scalar('int32', 128)]);
      return { name: graph.node('Gather', [table, index], { axis: 0 }, 'output'), type: 'int8', shape };
    }
    case 'maxPool2d':
      return { name: maxPool(graph, node, x, bounds), type: x.type, shape };
    case 'avgPool2d':
      return { name: avgPool(graph, node, x, shape, bounds), type: x.type, shape };
    case 'crop': {
      const { top, left, height, width } = node;
      const slice = [graph.ints([top, left]), graph.ints([top + height, left + width]), graph.ints([2, 3])];
      return { name: graph.node('Slice', [x.name, ...slice], {}, 'output'), type: x.type, shape };
    }
    case 'flatten':
      return { name: graph.node('Flatten', [x.name], { axis: 1 }, 'output'), type: x.type, shape };
    case 'add':
      return int32(add(graph, node, inputs));
    default:
      return node satisfies never;
  }
}

function asInt32(graph: OnnxGraphBuilder, { name, type }: IntegerTensor): string {
  return type === 'int32' ? name : graph.cast(name, 'int32');
}

/**
 * MatMulInteger of unsigned operands: uint8 × int8 may saturate between the steps on x86 without VNNI
 * (ONNX Runtime's documentation of quantization, "S8S8 and U8S8"), uint8 × uint8 never does.
 */
function linear(graph: OnnxGraphBuilder, node: LinearNode, x: IntegerTensor): string {
  const { inFeatures, outFeatures } = node;
  const transposed = transpose(nodeIntegers(node), outFeatures, inFeatures);
  const dims = [inFeatures, outFeatures];
  const flat = x.shape.length === 1 ? x : { ...x, name: graph.node('Flatten', [x.name], { axis: 1 }) };
  // FP130 has a +128, and int32 activations do not fit either: then the plain product of int32 matrices.
  if (x.type === 'int32' || transposed.some((weight) => weight > 127)) {
    const product = graph.node(
      'MatMul',
      [asInt32(graph, flat), graph.constant('int32', dims, transposed, 'weights')],
      {},
      sumsHint(node),
    );
    return scaleAndBias(graph, node, product, [outFeatures]);
  }
  const weights = graph.constant(
    'uint8',
    dims,
    transposed.map((weight) => weight + 128),
    'weights',
  );
  const zero = graph.scalar('uint8', 128);
  const signed = x.type === 'int8';
  const activations = signed
    ? graph.cast(graph.node('Add', [asInt32(graph, flat), graph.scalar('int32', 128)]), 'uint8')
    : flat.name;
  const product = graph.node(
    'MatMulInteger',
    [activations, weights, signed ? zero : graph.scalar('uint8', 0), zero],
    {},
    sumsHint(node),
  );
  return scaleAndBias(graph, node, product, [outFeatures]);
}

/** A float32 Conv where every partial sum is an integer that float32 holds; else gathered windows times an int32 matrix. */
function conv2d(graph: OnnxGraphBuilder, node: Conv2dNode, x: IntegerTensor, shape: Shape, bounds: NodeBounds): string {
  const { min, max } = bounds.accumulator;
  const perOutput = [node.outChannels, 1, 1];
  if (Math.max(-min, max) >= FLOAT_EXACT)
    return scaleAndBias(graph, node, convolvedWindows(graph, node, x, shape), perOutput);
  const { kernel, stride, padding, groups } = node;
  const dims = [node.outChannels, node.inChannels / groups, ...kernel];
  const weights = graph.constant('float', dims, nodeIntegers(node), 'weights');
  const attributes = { ...windowAttributes({ size: kernel, stride, padding }), group: groups };
  const sums = graph.node('Conv', [graph.cast(x.name, 'float'), weights], attributes);
  return scaleAndBias(graph, node, graph.cast(sums, 'int32', sumsHint(node)), perOutput);
}

/** [N, C, H, W] → windows [N, groups, C/groups · taps, positions] → weights [groups, outputs/groups, C/groups · taps] times them. */
function convolvedWindows(graph: OnnxGraphBuilder, node: Conv2dNode, x: IntegerTensor, shape: Shape): string {
  const { kernel, stride, padding, groups, inChannels, outChannels } = node;
  const [, height, width] = x.shape as readonly [number, number, number];
  const [, outHeight, outWidth] = shape as readonly [number, number, number];
  const [paddedHeight, paddedWidth] = [height + 2 * padding[0], width + 2 * padding[1]];
  const padded = zeroPadded(graph, asInt32(graph, x), 'int32', padding);
  const planes = graph.node('Reshape', [padded, graph.ints([0, inChannels, paddedHeight * paddedWidth])]);
  const positions: number[] = [];
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      for (let y = 0; y < outHeight; y++) {
        for (let z = 0; z < outWidth; z++) positions.push((y * stride[0] + row) * paddedWidth + z * stride[1] + column);
      }
    }
  }
  const gathered = graph.node('Gather', [planes, graph.ints(positions)], { axis: 2 });
  const columns = (inChannels / groups) * kernel[0] * kernel[1];
  const windows = graph.node('Reshape', [gathered, graph.ints([0, groups, columns, outHeight * outWidth])]);
  const weights = graph.constant('int32', [groups, outChannels / groups, columns], nodeIntegers(node), 'weights');
  return graph.node(
    'Reshape',
    [graph.node('MatMul', [weights, windows]), graph.ints([0, ...shape])],
    {},
    sumsHint(node),
  );
}

/** Output shifts and bias of a layer. */
function scaleAndBias(graph: OnnxGraphBuilder, node: WeightedNode, sums: string, dims: readonly number[]): string {
  const { outputShifts, bias } = node.weights;
  let name = sums;
  if (outputShifts) {
    const scales = graph.constant(
      'int32',
      dims,
      Array.from(outputShifts, (shift) => 2 ** shift),
      'output_scales',
    );
    name = graph.node('Mul', [name, scales], {}, bias ? undefined : 'output');
  }
  return bias ? graph.node('Add', [name, graph.constant('int32', dims, bias, 'bias')], {}, 'output') : name;
}

/** Name of the node that sums the products: it gives the layer's output where nothing follows. */
function sumsHint({ weights }: WeightedNode): string | undefined {
  return weights.outputShifts || weights.bias ? undefined : 'output';
}

/** y = min(127, (max(x, 0) + ⌊p/2⌋) / p), with p = 2^shift. */
function shiftNorm(graph: OnnxGraphBuilder, x: IntegerTensor): string {
  const int32 = (value: number) => graph.scalar('int32', value);
  const positive = graph.node('Max', [asInt32(graph, x), int32(0)]);
  const divisor = perSample(graph, powerAbove(graph, 'int32', sampleMaximum(graph, positive, x.shape), 7), x.shape);
  const rounded = graph.node('Add', [positive, graph.node('Div', [divisor, int32(2)])]);
  return graph.cast(graph.node('Min', [graph.node('Div', [rounded, divisor]), int32(127)]), 'uint8', 'output');
}

/** y = ⌊(254·a + d) / (2·d)⌋, with a and d the activations and their maximum over p = 2^t; a divisor of 1 where the maximum is 0. */
function maxAbsNorm(graph: OnnxGraphBuilder, x: IntegerTensor): string {
  const int32 = (value: number) => graph.scalar('int32', value);
  const positive = graph.node('Max', [asInt32(graph, x), int32(0)]);
  const max = sampleMaximum(graph, positive, x.shape);
  const power = powerAbove(graph, 'int32', max, 23);
  const activations = graph.node('Div', [positive, perSample(graph, power, x.shape)]);
  const maximum = perSample(graph, graph.node('Div', [max, power]), x.shape);
  const numerator = graph.node('Add', [graph.node('Mul', [activations, int32(254)]), maximum]);
  const denominator = graph.node('Max', [graph.node('Mul', [maximum, int32(2)]), int32(1)]);
  return graph.cast(graph.node('Div', [numerator, denominator]), 'uint8', 'output');
}

/**
 * Divided with 2^31 added, so that the division sees no negative number: ONNX truncates where a shift rounds down. Clipped behind it,
 * where every number fits int32: ONNX Runtime 1.26 takes the wrong one of int64 numbers from 2^31 on in Min and Max.
 */
function requantize(
  graph: OnnxGraphBuilder,
  node: RequantizeNode,
  x: IntegerTensor,
): { name: string; type: IntegerTensor['type'] } {
  const { shift, min, max } = node;
  const int64 = (value: number) => graph.scalar('int64', value);
  const divisor = 2 ** shift;
  const raised = graph.node('Add', [graph.cast(x.name, 'int64'), int64(2 ** 31 + Math.floor(divisor / 2))]);
  let name = graph.node('Sub', [graph.node('Div', [raised, int64(divisor)]), int64(2 ** 31 / divisor)]);
  if (min > INT32_MIN) name = graph.node('Max', [name, int64(min)]);
  if (max < INT32_MAX) name = graph.node('Min', [name, int64(max)]);
  const type = min < -128 || max > 127 ? 'int32' : min < 0 ? 'int8' : 'uint8';
  return { name: graph.cast(name, type, 'output'), type };
}

function maxPool(graph: OnnxGraphBuilder, node: MaxPool2dNode, x: IntegerTensor, { output }: NodeBounds): string {
  const attributes = windowAttributes(node);
  if (x.type !== 'int32') return graph.node('MaxPool', [x.name], attributes, 'output');
  // MaxPool has no int32; every value is an integer that the float type holds.
  const type: ElementType = Math.max(-output.min, output.max) < FLOAT_EXACT ? 'float' : 'double';
  return graph.cast(graph.node('MaxPool', [graph.cast(x.name, type)], attributes), 'int32', 'output');
}

/** The sum of the window's slices, then the division of the runtime: rounding down, hence the shift to non-negative numbers. */
function avgPool(
  graph: OnnxGraphBuilder,
  node: AvgPool2dNode,
  x: IntegerTensor,
  shape: Shape,
  { output }: NodeBounds,
): string {
  const { size, stride } = node;
  const [, outHeight, outWidth] = shape as readonly [number, number, number];
  const wide = zeroPadded(graph, graph.cast(x.name, 'int64'), 'int64', node.padding);
  const slices: string[] = [];
  for (let row = 0; row < size[0]; row++) {
    for (let column = 0; column < size[1]; column++) {
      const ends = [row + (outHeight - 1) * stride[0] + 1, column + (outWidth - 1) * stride[1] + 1];
      const window = [graph.ints([row, column]), graph.ints(ends), graph.ints([2, 3]), graph.ints(stride)];
      slices.push(graph.node('Slice', [wide, ...window]));
    }
  }
  const sum = slices.reduce((left, right) => graph.node('Add', [left, right]));
  const { factor, rounding, divisor } = meanConstants(node, x.shape, shape);
  const constant = ({ dims, values }: PerPosition) => graph.constant('int64', dims, values);
  const lowest = output.min - 1;
  const raised = rounding.values.map((value, i) => value - lowest * divisor.values[i]!);
  const scaled = graph.node('Add', [
    graph.node('Mul', [sum, constant(factor)]),
    constant({ dims: rounding.dims, values: raised }),
  ]);
  const mean = graph.node('Add', [graph.node('Div', [scaled, constant(divisor)]), graph.scalar('int64', lowest)]);
  return graph.cast(mean, x.type, 'output');
}

/** Maps with zeros around them. */
function zeroPadded(graph: OnnxGraphBuilder, maps: string, type: ElementType, [vertical, horizontal]: Pair): string {
  if (vertical + horizontal === 0) return maps;
  const edges = graph.ints([0, 0, vertical, horizontal, 0, 0, vertical, horizontal]);
  return graph.node('Pad', [maps, edges, graph.scalar(type, 0)]);
}

function add(graph: OnnxGraphBuilder, node: AddNode, inputs: readonly IntegerTensor[]): string {
  const [a, b] = inputs.map((input, i) => {
    const name = asInt32(graph, input);
    const shift = node.leftShift[i]!;
    return shift === 0 ? name : graph.node('Mul', [name, graph.scalar('int32', 2 ** shift)]);
  });
  return graph.node('Add', [a!, b!], {}, 'output');
}

function transpose(values: ArrayLike<number>, rows: number, columns: number): Int16Array {
  return Int16Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}

/** The logits as [N, outputs] int32. */
export function integerLogits(graph: OnnxGraphBuilder, last: IntegerTensor): string {
  return last.shape.length === 1
    ? last.name
    : graph.node('Reshape', [last.name, graph.ints([0, elementCount(last.shape)])]);
}
