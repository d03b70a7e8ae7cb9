// lookup: an element of a table for each int8.
import type { LookupNode } from '@bitnetmcu/models/internal';
import { asInt32, type OnnxOp, requantized } from './onnx-op.js';

export const lookup: OnnxOp<LookupNode> = {
  integer: ({ graph, node, x }) => {
    const table = graph.constant('int8', [node.table.length], node.table, 'table');
    const index = graph.node('Add', [asInt32(graph, x), graph.scalar('int32', 128)]);
    return { name: graph.node('Gather', [table, index], { axis: 0 }, 'output'), type: 'int8' };
  },
  qdq: ({ graph, node, x }) => {
    const table = graph.constant('float', [node.table.length], node.table, 'table');
    const index = graph.cast(graph.node('Add', [x.name, graph.scalar('float', 128)]), 'int32');
    return requantized(graph, graph.node('Gather', [table, index], { axis: 0 }), 'int8');
  },
};
