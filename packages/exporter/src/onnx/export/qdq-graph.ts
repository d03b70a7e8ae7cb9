// The integer network in QDQ form: float operators between QuantizeLinear/DequantizeLinear pairs with constant scales, as tools for
// accelerators read it. Every float is an integer; as long as accumulators stay below 2^24, float32 computes them exactly.
import type { ResolvedNode, Shape } from '@bitnetmcu/models';
import {
  type AvgPool2dNode,
  type Conv2dNode,
  elementCount,
  type LinearNode,
  nodeIntegers,
  type WeightedNode,
  weightMatrix,
} from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from './graph-builder.js';
import { meanConstants, type PerPosition, windowAttributes } from './mean-divisors.js';
import { perSample, powerAbove, sampleMaximum } from './sample-scale.js';

/** A float32 tensor that holds integers. */
export interface QdqTensor {
  readonly name: string;
  readonly shape: Shape;
}

/** Appends one node of the model; its output is called `<node>/output`. */
export function appendQdqNode(
  graph: OnnxGraphBuilder,
  resolved: ResolvedNode,
  inputs: readonly QdqTensor[],
): QdqTensor {
  const { node, outputShape: shape, outputType } = resolved;
  const x = inputs[0]!;
  graph.scope = node.name;
  const scalar = (value: number) => graph.scalar('float', value);
  const floorShift = (name: string, shift: number, hint?: string) =>
    graph.node('Floor', [graph.node('Mul', [name, scalar(2 ** -shift)])], {}, hint);
  switch (node.op) {
    case 'linear':
      return { name: linear(graph, node, x), shape };
    case 'conv2d':
      return { name: conv2d(graph, node, x), shape };
    case 'shiftNorm':
      return { name: requantized(graph, shiftNorm(graph, x), 'uint8'), shape };
    case 'maxAbsNorm':
      return { name: requantized(graph, maxAbsNorm(graph, x), 'uint8'), shape };
    case 'reluShift':
      return { name: floorShift(graph.node('Relu', [x.name]), node.shift, 'output'), shape };
    case 'requantize': {
      const { shift, min, max } = node;
      const rounded = graph.node('Add', [x.name, scalar(shift === 0 ? 0 : 2 ** (shift - 1))]);
      const clipped = graph.node('Clip', [floorShift(rounded, shift), scalar(min), scalar(max)]);
      const name =
        outputType === 'int8'
          ? requantized(graph, clipped, min < 0 ? 'int8' : 'uint8')
          : graph.node('Identity', [clipped], {}, 'output');
      return { name, shape };
    }
    case 'lookup': {
      const table = graph.constant('float', [node.table.length], node.table, 'table');
      const index = graph.cast(graph.node('Add', [x.name, scalar(128)]), 'int32');
      return { name: requantized(graph, graph.node('Gather', [table, index], { axis: 0 }), 'int8'), shape };
    }
    case 'maxPool2d':
      return {
        name: graph.node('MaxPool', [x.name], windowAttributes(node), 'output'),
        shape,
      };
    case 'avgPool2d':
      return { name: avgPool(graph, node, x, shape), shape };
    case 'crop': {
      const { top, left, height, width } = node;
      const slice = [graph.ints([top, left]), graph.ints([top + height, left + width]), graph.ints([2, 3])];
      return { name: graph.node('Slice', [x.name, ...slice], {}, 'output'), shape };
    }
    case 'flatten':
      return { name: graph.node('Flatten', [x.name], { axis: 1 }, 'output'), shape };
    case 'add': {
      const [a, b] = inputs.map((input, i) =>
        node.leftShift[i] === 0 ? input.name : graph.node('Mul', [input.name, scalar(2 ** node.leftShift[i]!)]),
      );
      return { name: graph.node('Add', [a!, b!], {}, 'output'), shape };
    }
    default:
      return node satisfies never;
  }
}

/** A QuantizeLinear/DequantizeLinear pair of scale 1 around integers that fit the type already. */
export function requantized(graph: OnnxGraphBuilder, name: string, type: 'int8' | 'uint8'): string {
  const parameters = [graph.scalar('float', 1), graph.scalar(type, 0)];
  return graph.node(
    'DequantizeLinear',
    [graph.node('QuantizeLinear', [name, ...parameters]), ...parameters],
    {},
    'output',
  );
}

/** Weights through DequantizeLinear, whose scales are the output shifts. int8 where they fit: FP130 has a +128. */
function dequantizedWeights(
  graph: OnnxGraphBuilder,
  node: WeightedNode,
  integers: ArrayLike<number>,
  dims: readonly number[],
  outputAxis: number,
): string {
  const { rows } = weightMatrix(node);
  const type = Array.from(integers).every((weight) => weight <= 127) ? 'int8' : 'int32';
  const { outputShifts } = node.weights;
  const scale = outputShifts
    ? graph.constant(
        'float',
        [rows],
        Array.from(outputShifts, (shift) => 2 ** shift),
        'weight_scales',
      )
    : graph.scalar('float', 1);
  const zero = outputShifts
    ? graph.constant(type, [rows], new Int32Array(rows), 'weight_zero_points')
    : graph.scalar(type, 0);
  const weights = graph.constant(type, dims, integers, 'weights');
  return graph.node('DequantizeLinear', [weights, scale, zero], { axis: outputAxis });
}

function linear(graph: OnnxGraphBuilder, node: LinearNode, x: QdqTensor): string {
  const { inFeatures, outFeatures, weights } = node;
  const integers = nodeIntegers(node);
  const transposed = Int16Array.from(
    integers,
    (_, i) => integers[(i % outFeatures) * inFeatures + Math.floor(i / outFeatures)]!,
  );
  const flat = x.shape.length === 1 ? x.name : graph.node('Flatten', [x.name], { axis: 1 });
  const matrix = dequantizedWeights(graph, node, transposed, [inFeatures, outFeatures], 1);
  const product = graph.node('MatMul', [flat, matrix], {}, weights.bias ? undefined : 'output');
  return weights.bias
    ? graph.node('Add', [product, graph.constant('float', [outFeatures], weights.bias, 'bias')], {}, 'output')
    : product;
}

function conv2d(graph: OnnxGraphBuilder, node: Conv2dNode, x: QdqTensor): string {
  const { kernel, stride, padding, groups, inChannels, outChannels, weights } = node;
  const dims = [outChannels, inChannels / groups, ...kernel];
  const filters = dequantizedWeights(graph, node, nodeIntegers(node), dims, 0);
  const bias = weights.bias ? [graph.constant('float', [outChannels], weights.bias, 'bias')] : [];
  const attributes = { ...windowAttributes({ size: kernel, stride, padding }), group: groups };
  return graph.node('Conv', [x.name, filters, ...bias], attributes, 'output');
}

/** min(127, ⌊max(x, 0)/p + ½⌋) with p = 2^shift. */
function shiftNorm(graph: OnnxGraphBuilder, x: QdqTensor): string {
  const positive = graph.node('Relu', [x.name]);
  const divisor = perSample(graph, powerAbove(graph, 'float', sampleMaximum(graph, positive, x.shape), 7), x.shape);
  const halved = graph.node('Add', [graph.node('Div', [positive, divisor]), graph.scalar('float', 0.5)]);
  return graph.node('Min', [graph.node('Floor', [halved]), graph.scalar('float', 127)]);
}

/** ⌊(254·a + m) / (2·m)⌋: the power of two that large accumulators are divided by first cancels. */
function maxAbsNorm(graph: OnnxGraphBuilder, x: QdqTensor): string {
  const scalar = (value: number) => graph.scalar('float', value);
  const positive = graph.node('Relu', [x.name]);
  const maximum = perSample(graph, sampleMaximum(graph, positive, x.shape), x.shape);
  const numerator = graph.node('Add', [graph.node('Mul', [positive, scalar(254)]), maximum]);
  const denominator = graph.node('Max', [graph.node('Mul', [maximum, scalar(2)]), scalar(1)]);
  return graph.node('Floor', [graph.node('Div', [numerator, denominator])]);
}

/** ⌊mean⌋ over powers of two, else ⌊(sum · round(2^16/n) + 2^15) / 2^16⌋, on the mean times its number n of elements. */
function avgPool(graph: OnnxGraphBuilder, node: AvgPool2dNode, x: QdqTensor, shape: Shape): string {
  const attributes = { ...windowAttributes(node), count_include_pad: Number(node.countIncludePad) };
  const mean = graph.node('AveragePool', [x.name], attributes);
  const { elements, factor, rounding, divisor } = meanConstants(node, x.shape, shape);
  if (rounding.values.every((half) => half === 0)) return graph.node('Floor', [mean], {}, 'output');
  const constant = ({ dims }: PerPosition, values: readonly number[]) => graph.constant('float', dims, values);
  const sum = graph.node('Round', [graph.node('Mul', [mean, constant(elements, elements.values)])]);
  const share = factor.values.map((value, i) => value / divisor.values[i]!);
  const half = rounding.values.map((value, i) => value / divisor.values[i]!);
  const scaled = graph.node('Mul', [sum, constant(factor, share)]);
  return graph.node('Floor', [graph.node('Add', [scaled, constant(rounding, half)])], {}, 'output');
}

/** The logits as [N, outputs] float32. */
export function qdqLogits(graph: OnnxGraphBuilder, last: QdqTensor): string {
  return last.shape.length === 1
    ? last.name
    : graph.node('Reshape', [last.name, graph.ints([0, elementCount(last.shape)])]);
}
