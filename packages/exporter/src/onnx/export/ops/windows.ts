// Windows over maps: convolutions and pools.
import type { AvgPool2dNode, Pair } from '@bitnetmcu/models/internal';
import type { ElementType, OnnxGraphBuilder } from '../graph-builder.js';

/** Windows of a convolution or pool as attributes of an ONNX node. */
export function windowAttributes({
  size,
  stride,
  padding,
}: Pick<AvgPool2dNode, 'size' | 'stride' | 'padding'>): Record<string, readonly number[]> {
  return { kernel_shape: size, strides: stride, pads: [...padding, ...padding] };
}

/** Maps with zeros around them. */
export function zeroPadded(
  graph: OnnxGraphBuilder,
  maps: string,
  type: ElementType,
  [vertical, horizontal]: Pair,
): string {
  if (vertical + horizontal === 0) return maps;
  const edges = graph.ints([0, 0, vertical, horizontal, 0, 0, vertical, horizontal]);
  return graph.node('Pad', [maps, edges, graph.scalar(type, 0)]);
}
