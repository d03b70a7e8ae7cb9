// concat, of the features of two tensors.
import type { ConcatNode } from '@bitnetmcu/models/internal';
import { asInt32, type OnnxOp } from './onnx-op.js';

export const concat: OnnxOp<ConcatNode> = {
  integer: ({ graph, inputs }) => {
    const parts = inputs.map((input) => asInt32(graph, input));
    return { name: graph.node('Concat', parts, { axis: 1 }, 'output'), type: 'int32' };
  },
  qdq: ({ graph, inputs }) =>
    graph.node(
      'Concat',
      inputs.map(({ name }) => name),
      { axis: 1 },
      'output',
    ),
};
