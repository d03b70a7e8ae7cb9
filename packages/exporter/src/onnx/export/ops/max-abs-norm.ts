// maxAbsNorm: ReLU, and the division a sample that makes its maximum 127.
import type { MaxAbsNormNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { perSample, powerAbove, sampleMaximum } from '../sample-scale.js';
import { asInt32, type IntegerTensor, type OnnxOp, type QdqTensor, requantized } from './onnx-op.js';

export const maxAbsNorm: OnnxOp<MaxAbsNormNode> = {
  integer: ({ graph, x }) => ({ name: integer(graph, x), type: 'uint8' }),
  qdq: ({ graph, x }) => requantized(graph, qdq(graph, x), 'uint8'),
};

/** y = ⌊(254·a + d) / (2·d)⌋, with a and d the activations and their maximum over p = 2^t; a divisor of 1 where the maximum is 0. */
function integer(graph: OnnxGraphBuilder, x: IntegerTensor): string {
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

/** ⌊(254·a + m) / (2·m)⌋: the power of two that large accumulators are divided by first cancels. */
function qdq(graph: OnnxGraphBuilder, x: QdqTensor): string {
  const scalar = (value: number) => graph.scalar('float', value);
  const positive = graph.node('Relu', [x.name]);
  const maximum = perSample(graph, sampleMaximum(graph, positive, x.shape), x.shape);
  const numerator = graph.node('Add', [graph.node('Mul', [positive, scalar(254)]), maximum]);
  const denominator = graph.node('Max', [graph.node('Mul', [maximum, scalar(2)]), scalar(1)]);
  return graph.node('Floor', [graph.node('Div', [numerator, denominator])]);
}
