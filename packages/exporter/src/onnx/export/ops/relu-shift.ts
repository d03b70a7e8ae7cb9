// reluShift: ReLU, and a constant shift.
import type { ReluShiftNode } from '@bitnetmcu/models/internal';
import { asInt32, floorShift, type OnnxOp } from './onnx-op.js';

export const reluShift: OnnxOp<ReluShiftNode> = {
  integer: ({ graph, node, x }) => {
    const positive = graph.node('Max', [asInt32(graph, x), graph.scalar('int32', 0)]);
    return { name: graph.node('Div', [positive, graph.scalar('int32', 2 ** node.shift)], {}, 'output'), type: 'int32' };
  },
  qdq: ({ graph, node, x }) => floorShift(graph, graph.node('Relu', [x.name]), node.shift, 'output'),
};
