// What an operation is as ONNX: its nodes in the integer-exact graph and in the QDQ form. Each operation is one file here; index.ts has
// the table of them.
import type { NodeBounds, Shape } from '@bitnetmcu/models';
import type { TensorType } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';

/** A tensor of the integer graph. int8 activations that are never negative are uint8, which MatMulInteger takes without a zero point. */
export interface IntegerTensor {
  readonly name: string;
  readonly type: 'int8' | 'uint8' | 'int32';
  readonly shape: Shape;
}

/** A float32 tensor of the QDQ form; it holds integers. */
export interface QdqTensor {
  readonly name: string;
  readonly shape: Shape;
}

/** Where a node stands: `x` is the first of its inputs, `shape` and `outputType` are those of its output. */
export interface OnnxSite<N, T> {
  readonly graph: OnnxGraphBuilder;
  readonly node: N;
  readonly x: T;
  readonly inputs: readonly T[];
  readonly shape: Shape;
  readonly outputType: TensorType;
  readonly bounds: NodeBounds;
}

/** An operation. Its last ONNX node has the hint `output`, so that the node's output is called `<node>/output`. */
export interface OnnxOp<N> {
  /** Integer operators: the integers of the reference inference, bit for bit. */
  integer(site: OnnxSite<N, IntegerTensor>): Omit<IntegerTensor, 'shape'>;
  /** Float operators on integers. @returns the tensor's name */
  qdq(site: OnnxSite<N, QdqTensor>): string;
}

/** float32 holds every integer up to here, so that sums of them are exact in any order. */
export const FLOAT_EXACT = 2 ** 24;

export function asInt32(graph: OnnxGraphBuilder, { name, type }: IntegerTensor): string {
  return type === 'int32' ? name : graph.cast(name, 'int32');
}

/** A QuantizeLinear/DequantizeLinear pair of scale 1 around integers that fit the type already. */
export function requantized(graph: OnnxGraphBuilder, name: string, type: 'int8' | 'uint8'): string {
  const parameters = [graph.scalar('float', 1), graph.scalar(type, 0)];
  return graph.node(
    'DequantizeLinear',
    [graph.node('QuantizeLinear', [name, ...parameters]), ...parameters],
    {},
    'output',
  );
}

/** ⌊x / 2^shift⌋ in float. */
export function floorShift(graph: OnnxGraphBuilder, name: string, shift: number, hint?: string): string {
  return graph.node('Floor', [graph.node('Mul', [name, graph.scalar('float', 2 ** -shift)])], {}, hint);
}
