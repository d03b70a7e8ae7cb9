// requantize: a constant shift that rounds, and clipping.
import type { RequantizeNode } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { floorShift, type IntegerTensor, type OnnxOp, requantized } from './onnx-op.js';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

export const requantize: OnnxOp<RequantizeNode> = {
  integer: ({ graph, node, x }) => integer(graph, node, x),
  qdq: ({ graph, node: { shift, min, max }, x, outputType }) => {
    const scalar = (value: number) => graph.scalar('float', value);
    const rounded = graph.node('Add', [x.name, scalar(shift === 0 ? 0 : 2 ** (shift - 1))]);
    const clipped = graph.node('Clip', [floorShift(graph, rounded, shift), scalar(min), scalar(max)]);
    return outputType === 'int8'
      ? requantized(graph, clipped, min < 0 ? 'int8' : 'uint8')
      : graph.node('Identity', [clipped], {}, 'output');
  },
};

/**
 * Divided with 2^31 added, so that the division sees no negative number: ONNX truncates where a shift rounds down. Clipped behind it,
 * where every number fits int32: ONNX Runtime 1.26 takes the wrong one of int64 numbers from 2^31 on in Min and Max.
 */
function integer(graph: OnnxGraphBuilder, node: RequantizeNode, x: IntegerTensor): Omit<IntegerTensor, 'shape'> {
  const { shift, min, max } = node;
  const int64 = (value: number) => graph.scalar('int64', value);
  const divisor = 2 ** shift;
  const raised = graph.node('Add', [graph.cast(x.name, 'int64'), int64(2 ** 31 + Math.floor(divisor / 2))]);
  let name = graph.node('Sub', [graph.node('Div', [raised, int64(divisor)]), int64(2 ** 31 / divisor)]);
  if (min > INT32_MIN) name = graph.node('Max', [name, int64(min)]);
  if (max < INT32_MAX) name = graph.node('Min', [name, int64(max)]);
  const type = min < -128 || max > 127 ? 'int32' : min < 0 ? 'int8' : 'uint8';
  return { name: graph.cast(name, type, 'output'), type };
}
