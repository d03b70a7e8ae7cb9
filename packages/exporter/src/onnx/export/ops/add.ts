// add: both summands shifted to the left, then their sum.
import type { AddNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { asInt32, type OnnxOp } from './onnx-op.js';

export const add: OnnxOp<AddNode> = {
  integer: ({ graph, node, inputs }) => {
    const summands = inputs.map((input, i) => shifted(graph, 'int32', asInt32(graph, input), node.leftShift[i]!));
    return { name: graph.node('Add', summands, {}, 'output'), type: 'int32' };
  },
  qdq: ({ graph, node, inputs }) => {
    const summands = inputs.map(({ name }, i) => shifted(graph, 'float', name, node.leftShift[i]!));
    return graph.node('Add', summands, {}, 'output');
  },
};

function shifted(graph: OnnxGraphBuilder, type: 'int32' | 'float', name: string, shift: number): string {
  return shift === 0 ? name : graph.node('Mul', [name, graph.scalar(type, 2 ** shift)]);
}
