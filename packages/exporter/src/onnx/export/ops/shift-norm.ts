// shiftNorm: ReLU, and a shift a sample that brings its maximum into int8.
import type { ShiftNormNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { perSample, powerAbove, sampleMaximum } from '../sample-scale.js';
import { asInt32, type IntegerTensor, type OnnxOp, type QdqTensor, requantized } from './onnx-op.js';

export const shiftNorm: OnnxOp<ShiftNormNode> = {
  integer: ({ graph, x }) => ({ name: integer(graph, x), type: 'uint8' }),
  qdq: ({ graph, x }) => requantized(graph, qdq(graph, x), 'uint8'),
};

/** y = min(127, (max(x, 0) + ⌊p/2⌋) / p), with p = 2^shift. */
function integer(graph: OnnxGraphBuilder, x: IntegerTensor): string {
  const int32 = (value: number) => graph.scalar('int32', value);
  const positive = graph.node('Max', [asInt32(graph, x), int32(0)]);
  const divisor = perSample(graph, powerAbove(graph, 'int32', sampleMaximum(graph, positive, x.shape), 7), x.shape);
  const rounded = graph.node('Add', [positive, graph.node('Div', [divisor, int32(2)])]);
  return graph.cast(graph.node('Min', [graph.node('Div', [rounded, divisor]), int32(127)]), 'uint8', 'output');
}

/** min(127, ⌊max(x, 0)/p + ½⌋) with p = 2^shift. */
function qdq(graph: OnnxGraphBuilder, x: QdqTensor): string {
  const positive = graph.node('Relu', [x.name]);
  const divisor = perSample(graph, powerAbove(graph, 'float', sampleMaximum(graph, positive, x.shape), 7), x.shape);
  const halved = graph.node('Add', [graph.node('Div', [positive, divisor]), graph.scalar('float', 0.5)]);
  return graph.node('Min', [graph.node('Floor', [halved]), graph.scalar('float', 127)]);
}
