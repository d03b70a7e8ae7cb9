// rmsNorm: activations over the root mean square of their sample; the root in double, which is exact here.
import type { Shape } from '@bitnetmcu/models';
import { elementCount, type RmsNormNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { perSample } from '../sample-scale.js';
import { asInt32, type OnnxOp, requantized } from './onnx-op.js';

export const rmsNorm: OnnxOp<RmsNormNode> = {
  integer: ({ graph, node, x }) => {
    const y = normalized(graph, node, asInt32(graph, x), x.shape);
    return { name: graph.cast(y, 'int8', 'output'), type: 'int8' };
  },
  qdq: ({ graph, node, x }) => {
    const y = normalized(graph, node, graph.cast(x.name, 'int32'), x.shape);
    return requantized(graph, graph.cast(y, 'float'), 'int8');
  },
};

/** sign(x) · min(127, (512·gain·|x| + R) / (2·R)) of int32 x; R is 0 only where all x are. */
function normalized(graph: OnnxGraphBuilder, { gain }: RmsNormNode, x: string, shape: Shape): string {
  const int32 = (value: number) => graph.scalar('int32', value);
  const root = perSample(graph, rootMeanSquare(graph, x, shape), shape);
  const raised = graph.node('Mul', [graph.node('Abs', [x]), int32(512 * gain)]);
  const divisor = graph.node('Max', [graph.node('Mul', [root, int32(2)]), int32(1)]);
  const magnitude = graph.node('Min', [graph.node('Div', [graph.node('Add', [raised, root]), divisor]), int32(127)]);
  return graph.node('Mul', [magnitude, graph.node('Sign', [x])]);
}

/** ⌊√⌊2^16·Σx²/n⌋⌋ of each sample, int32 [N, 1]. */
function rootMeanSquare(graph: OnnxGraphBuilder, x: string, shape: Shape): string {
  const flat = shape.length === 1 ? x : graph.node('Flatten', [x], { axis: 1 });
  const wide = graph.cast(flat, 'int64');
  const squares = graph.node('ReduceSum', [graph.node('Mul', [wide, wide]), graph.ints([1])], { keepdims: 1 });
  const raised = graph.node('Mul', [squares, graph.scalar('int64', 65_536)]);
  const mean = graph.node('Div', [raised, graph.scalar('int64', elementCount(shape))]);
  return graph.cast(graph.node('Floor', [graph.node('Sqrt', [graph.cast(mean, 'double')])]), 'int32');
}
