// linear: a product of integer matrices.
import { type LinearNode, nodeIntegers } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';
import { asInt32, type IntegerTensor, type OnnxOp, type QdqTensor } from './onnx-op.js';
import { dequantizedWeights, scaleAndBias, sumsHint, transpose } from './weights.js';

export const linear: OnnxOp<LinearNode> = {
  integer: ({ graph, node, x }) => ({ name: integer(graph, node, x), type: 'int32' }),
  qdq: ({ graph, node, x }) => qdq(graph, node, x),
};

/**
 * MatMulInteger of unsigned operands: uint8 × int8 may saturate between the steps on x86 without VNNI
 * (ONNX Runtime's documentation of quantization, "S8S8 and U8S8"), uint8 × uint8 never does.
 */
function integer(graph: OnnxGraphBuilder, node: LinearNode, x: IntegerTensor): string {
  const { inFeatures, outFeatures } = node;
  const transposed = transpose(nodeIntegers(node), outFeatures, inFeatures);
  const dims = [inFeatures, outFeatures];
  const flat = x.shape.length === 1 ? x : { ...x, name: graph.node('Flatten', [x.name], { axis: 1 }) };
  // FP130 has a +128, and int32 activations do not fit either: then the plain product of int32 matrices.
  if (x.type === 'int32' || transposed.some((weight) => weight > 127)) {
    const product = graph.node(
      'MatMul',
      [asInt32(graph, flat), graph.constant('int32', dims, transposed, 'weights')],
      {},
      sumsHint(node),
    );
    return scaleAndBias(graph, node, product, [outFeatures]);
  }
  const weights = graph.constant(
    'uint8',
    dims,
    transposed.map((weight) => weight + 128),
    'weights',
  );
  const zero = graph.scalar('uint8', 128);
  const signed = x.type === 'int8';
  const activations = signed
    ? graph.cast(graph.node('Add', [asInt32(graph, flat), graph.scalar('int32', 128)]), 'uint8')
    : flat.name;
  const product = graph.node(
    'MatMulInteger',
    [activations, weights, signed ? zero : graph.scalar('uint8', 0), zero],
    {},
    sumsHint(node),
  );
  return scaleAndBias(graph, node, product, [outFeatures]);
}

function qdq(graph: OnnxGraphBuilder, node: LinearNode, x: QdqTensor): string {
  const { inFeatures, outFeatures, weights } = node;
  const transposed = transpose(nodeIntegers(node), outFeatures, inFeatures);
  const flat = x.shape.length === 1 ? x.name : graph.node('Flatten', [x.name], { axis: 1 });
  const matrix = dequantizedWeights(graph, node, transposed, [inFeatures, outFeatures], 1);
  const product = graph.node('MatMul', [flat, matrix], {}, weights.bias ? undefined : 'output');
  return weights.bias
    ? graph.node('Add', [product, graph.constant('float', [outFeatures], weights.bias, 'bias')], {}, 'output')
    : product;
}
