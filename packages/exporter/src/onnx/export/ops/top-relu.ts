// topRelu: p − (m − p), p = max(acc, 0) and m the maximum of the sample, and no less than 0.
import type { TopReluNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { perSample, sampleMaximum } from '../sample-scale.js';
import { asInt32, type IntegerTensor, type OnnxOp } from './onnx-op.js';

export const topRelu: OnnxOp<TopReluNode> = {
  integer: ({ graph, x }) => {
    const zero = graph.scalar('int32', 0);
    const positive = graph.node('Max', [asInt32(graph, x), zero]);
    return { name: graph.node('Max', [above(graph, positive, x.shape), zero], {}, 'output'), type: 'int32' };
  },
  qdq: ({ graph, x }) => graph.node('Relu', [above(graph, graph.node('Relu', [x.name]), x.shape)], {}, 'output'),
};

function above(graph: OnnxGraphBuilder, positive: string, shape: IntegerTensor['shape']): string {
  const maximum = perSample(graph, sampleMaximum(graph, positive, shape), shape);
  return graph.node('Sub', [positive, graph.node('Sub', [maximum, positive])]);
}
