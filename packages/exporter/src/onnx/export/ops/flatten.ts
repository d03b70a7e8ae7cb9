// flatten.
import type { FlattenNode } from '@bitnetmcu/models/internal';
import type { OnnxOp } from './onnx-op.js';

export const flatten: OnnxOp<FlattenNode> = {
  integer: ({ graph, x }) => ({ name: graph.node('Flatten', [x.name], { axis: 1 }, 'output'), type: x.type }),
  qdq: ({ graph, x }) => graph.node('Flatten', [x.name], { axis: 1 }, 'output'),
};
