// topGroups: for every group how many come before it, by comparing all scores with each other; where that is less than `keep` it is kept.
import type { Shape } from '@bitnetmcu/models';
import { elementCount, type TopGroupsNode } from '@bitnetmcu/models/internal';
import type { ElementType, OnnxGraphBuilder } from '../graph-builder.js';
import { asInt32, type OnnxOp } from './onnx-op.js';

export const topGroups: OnnxOp<TopGroupsNode> = {
  integer: ({ graph, node, x, inputs, shape }) => {
    const scores = inputs[1]!;
    const choice = { keep: node.keep, groups: scores.shape[0], shape };
    const y = chosen(graph, 'int32', asInt32(graph, x), asInt32(graph, scores), choice);
    return { name: x.type === 'int32' ? y : graph.cast(y, x.type, 'output'), type: x.type };
  },
  qdq: ({ graph, node, x, inputs, shape }) => {
    const scores = inputs[1]!;
    return chosen(graph, 'float', x.name, scores.name, { keep: node.keep, groups: scores.shape[0], shape });
  },
};

function chosen(
  graph: OnnxGraphBuilder,
  type: Extract<ElementType, 'int32' | 'float'>,
  x: string,
  scores: string,
  { keep, groups, shape }: { readonly keep: number; readonly groups: number; readonly shape: Shape },
): string {
  // [batch, group, other group]
  const own = graph.node('Unsqueeze', [scores, graph.ints([2])]);
  const other = graph.node('Unsqueeze', [scores, graph.ints([1])]);
  const lower = Array.from({ length: groups * groups }, (_, i) => Number(i % groups < Math.floor(i / groups)));
  const isLower = graph.constant('bool', [1, groups, groups], lower);
  const first = graph.node('And', [graph.node('Equal', [other, own]), isLower]);
  const before = graph.cast(graph.node('Or', [graph.node('Greater', [other, own]), first]), 'int32');
  const count = graph.node('ReduceSum', [before, graph.ints([2])], { keepdims: 1 });
  const marks = graph.cast(graph.node('Less', [count, graph.scalar('int32', keep)]), type);
  const grouped = graph.node('Reshape', [x, graph.ints([-1, groups, elementCount(shape) / groups])]);
  return graph.node('Reshape', [graph.node('Mul', [grouped, marks]), graph.ints([-1, ...shape])], {}, 'output');
}
