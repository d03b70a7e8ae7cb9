// maxPool2d.
import type { NodeBounds } from '@bitnetmcu/models';
import type { MaxPool2dNode } from '@bitnetmcu/models/internal';
import type { ElementType, OnnxGraphBuilder } from '../graph-builder.js';
import { FLOAT_EXACT, type IntegerTensor, type OnnxOp } from './onnx-op.js';
import { windowAttributes } from './windows.js';

export const maxPool2d: OnnxOp<MaxPool2dNode> = {
  integer: ({ graph, node, x, bounds }) => ({ name: integer(graph, node, x, bounds), type: x.type }),
  qdq: ({ graph, node, x }) => graph.node('MaxPool', [x.name], windowAttributes(node), 'output'),
};

function integer(graph: OnnxGraphBuilder, node: MaxPool2dNode, x: IntegerTensor, { output }: NodeBounds): string {
  const attributes = windowAttributes(node);
  if (x.type !== 'int32') return graph.node('MaxPool', [x.name], attributes, 'output');
  // MaxPool has no int32; every value is an integer that the float type holds.
  const type: ElementType = Math.max(-output.min, output.max) < FLOAT_EXACT ? 'float' : 'double';
  return graph.cast(graph.node('MaxPool', [graph.cast(x.name, type)], attributes), 'int32', 'output');
}
