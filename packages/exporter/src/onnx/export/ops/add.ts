// add: both summands multiplied by powers of two, the first also by its multiplier, then their sum.
import type { AddNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { asInt32, type OnnxOp } from './onnx-op.js';

export const add: OnnxOp<AddNode> = {
  integer: ({ graph, node, inputs }) => {
    const summands = inputs.map((input, i) => scaled(graph, 'int32', asInt32(graph, input), factor(node, i)));
    return { name: graph.node('Add', summands, {}, 'output'), type: 'int32' };
  },
  qdq: ({ graph, node, inputs }) => {
    const summands = inputs.map(({ name }, i) => scaled(graph, 'float', name, factor(node, i)));
    return graph.node('Add', summands, {}, 'output');
  },
};

/** Of summand i. */
function factor({ multiplier = 1, leftShift }: AddNode, i: number): number {
  return (i === 0 ? multiplier : 1) * 2 ** leftShift[i]!;
}

function scaled(graph: OnnxGraphBuilder, type: 'int32' | 'float', name: string, by: number): string {
  return by === 1 ? name : graph.node('Mul', [name, graph.scalar(type, by)]);
}
