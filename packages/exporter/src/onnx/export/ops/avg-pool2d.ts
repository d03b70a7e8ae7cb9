// avgPool2d: the mean of a window, rounded as the runtime does.
import type { NodeBounds, Shape } from '@bitnetmcu/models';
import type { AvgPool2dNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { meanConstants, type PerPosition } from '../mean-divisors.js';
import type { IntegerTensor, OnnxOp, QdqTensor } from './onnx-op.js';
import { windowAttributes, zeroPadded } from './windows.js';

export const avgPool2d: OnnxOp<AvgPool2dNode> = {
  integer: ({ graph, node, x, shape, bounds }) => ({ name: integer(graph, node, x, shape, bounds), type: x.type }),
  qdq: ({ graph, node, x, shape }) => qdq(graph, node, x, shape),
};

/** The sum of the window's slices, then the division of the runtime: rounding down, hence the shift to non-negative numbers. */
function integer(
  graph: OnnxGraphBuilder,
  node: AvgPool2dNode,
  x: IntegerTensor,
  shape: Shape,
  { output }: NodeBounds,
): string {
  const { size, stride } = node;
  const [, outHeight, outWidth] = shape as readonly [number, number, number];
  const wide = zeroPadded(graph, graph.cast(x.name, 'int64'), 'int64', node.padding);
  const slices: string[] = [];
  for (let row = 0; row < size[0]; row++) {
    for (let column = 0; column < size[1]; column++) {
      const ends = [row + (outHeight - 1) * stride[0] + 1, column + (outWidth - 1) * stride[1] + 1];
      const window = [graph.ints([row, column]), graph.ints(ends), graph.ints([2, 3]), graph.ints(stride)];
      slices.push(graph.node('Slice', [wide, ...window]));
    }
  }
  const sum = slices.reduce((left, right) => graph.node('Add', [left, right]));
  const { factor, rounding, divisor } = meanConstants(node, x.shape, shape);
  const constant = ({ dims, values }: PerPosition) => graph.constant('int64', dims, values);
  const lowest = output.min - 1;
  const raised = rounding.values.map((value, i) => value - lowest * divisor.values[i]!);
  const scaled = graph.node('Add', [
    graph.node('Mul', [sum, constant(factor)]),
    constant({ dims: rounding.dims, values: raised }),
  ]);
  const mean = graph.node('Add', [graph.node('Div', [scaled, constant(divisor)]), graph.scalar('int64', lowest)]);
  return graph.cast(mean, x.type, 'output');
}

/** ⌊mean⌋ over powers of two, else ⌊(sum · round(2^16/n) + 2^15) / 2^16⌋, on the mean times its number n of elements. */
function qdq(graph: OnnxGraphBuilder, node: AvgPool2dNode, x: QdqTensor, shape: Shape): string {
  const attributes = { ...windowAttributes(node), count_include_pad: Number(node.countIncludePad) };
  const mean = graph.node('AveragePool', [x.name], attributes);
  const { elements, factor, rounding, divisor } = meanConstants(node, x.shape, shape);
  if (rounding.values.every((half) => half === 0)) return graph.node('Floor', [mean], {}, 'output');
  const constant = ({ dims }: PerPosition, values: readonly number[]) => graph.constant('float', dims, values);
  const sum = graph.node('Round', [graph.node('Mul', [mean, constant(elements, elements.values)])]);
  const share = factor.values.map((value, i) => value / divisor.values[i]!);
  const half = rounding.values.map((value, i) => value / divisor.values[i]!);
  const scaled = graph.node('Mul', [sum, constant(factor, share)]);
  return graph.node('Floor', [graph.node('Add', [scaled, constant(rounding, half)])], {}, 'output');
}
