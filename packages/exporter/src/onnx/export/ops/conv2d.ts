// conv2d: a float32 Conv while that is exact, else gathered windows.
import type { NodeBounds, Shape } from '@bitnetmcu/models';
import { type Conv2dNode, nodeIntegers } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { asInt32, FLOAT_EXACT, type IntegerTensor, type OnnxOp, type QdqTensor } from './onnx-op.js';
import { dequantizedWeights, scaleAndBias, sumsHint } from './weights.js';
import { windowAttributes, zeroPadded } from './windows.js';

export const conv2d: OnnxOp<Conv2dNode> = {
  integer: ({ graph, node, x, shape, bounds }) => ({ name: integer(graph, node, x, shape, bounds), type: 'int32' }),
  qdq: ({ graph, node, x }) => qdq(graph, node, x),
};

/** A float32 Conv where every partial sum is an integer that float32 holds; else gathered windows times an int32 matrix. */
function integer(
  graph: OnnxGraphBuilder,
  node: Conv2dNode,
  x: IntegerTensor,
  shape: Shape,
  bounds: NodeBounds,
): string {
  const { min, max } = bounds.accumulator;
  const perOutput = [node.outChannels, 1, 1];
  if (Math.max(-min, max) >= FLOAT_EXACT)
    return scaleAndBias(graph, node, convolvedWindows(graph, node, x, shape), perOutput);
  const { kernel, stride, padding, groups } = node;
  const dims = [node.outChannels, node.inChannels / groups, ...kernel];
  const weights = graph.constant('float', dims, nodeIntegers(node), 'weights');
  const attributes = { ...windowAttributes({ size: kernel, stride, padding }), group: groups };
  const sums = graph.node('Conv', [graph.cast(x.name, 'float'), weights], attributes);
  return scaleAndBias(graph, node, graph.cast(sums, 'int32', sumsHint(node)), perOutput);
}

/** [N, C, H, W] → windows [N, groups, C/groups · taps, positions] → weights [groups, outputs/groups, C/groups · taps] times them. */
function convolvedWindows(graph: OnnxGraphBuilder, node: Conv2dNode, x: IntegerTensor, shape: Shape): string {
  const { kernel, stride, padding, groups, inChannels, outChannels } = node;
  const [, height, width] = x.shape as readonly [number, number, number];
  const [, outHeight, outWidth] = shape as readonly [number, number, number];
  const [paddedHeight, paddedWidth] = [height + 2 * padding[0], width + 2 * padding[1]];
  const padded = zeroPadded(graph, asInt32(graph, x), 'int32', padding);
  const planes = graph.node('Reshape', [padded, graph.ints([0, inChannels, paddedHeight * paddedWidth])]);
  const positions: number[] = [];
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      for (let y = 0; y < outHeight; y++) {
        for (let z = 0; z < outWidth; z++) positions.push((y * stride[0] + row) * paddedWidth + z * stride[1] + column);
      }
    }
  }
  const gathered = graph.node('Gather', [planes, graph.ints(positions)], { axis: 2 });
  const columns = (inChannels / groups) * kernel[0] * kernel[1];
  const windows = graph.node('Reshape', [gathered, graph.ints([0, groups, columns, outHeight * outWidth])]);
  const weights = graph.constant('int32', [groups, outChannels / groups, columns], nodeIntegers(node), 'weights');
  return graph.node(
    'Reshape',
    [graph.node('MatMul', [weights, windows]), graph.ints([0, ...shape])],
    {},
    sumsHint(node),
  );
}

function qdq(graph: OnnxGraphBuilder, node: Conv2dNode, x: QdqTensor): string {
  const { kernel, stride, padding, groups, inChannels, outChannels, weights } = node;
  const dims = [outChannels, inChannels / groups, ...kernel];
  const filters = dequantizedWeights(graph, node, nodeIntegers(node), dims, 0);
  const bias = weights.bias ? [graph.constant('float', [outChannels], weights.bias, 'bias')] : [];
  const attributes = { ...windowAttributes({ size: kernel, stride, padding }), group: groups };
  return graph.node('Conv', [x.name, filters, ...bias], attributes, 'output');
}
