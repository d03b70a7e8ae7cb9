// crop: a slice of each map.
import type { CropNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import type { OnnxOp } from './onnx-op.js';

export const crop: OnnxOp<CropNode> = {
  integer: ({ graph, node, x }) => ({ name: slice(graph, node, x.name), type: x.type }),
  qdq: ({ graph, node, x }) => slice(graph, node, x.name),
};

function slice(graph: OnnxGraphBuilder, { top, left, height, width }: CropNode, maps: string): string {
  const window = [graph.ints([top, left]), graph.ints([top + height, left + width]), graph.ints([2, 3])];
  return graph.node('Slice', [maps, ...window], {}, 'output');
}
