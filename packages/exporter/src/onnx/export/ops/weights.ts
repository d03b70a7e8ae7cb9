// Weights, output shifts and biases of layers in both forms.
import { type WeightedNode, weightMatrix } from '@bitnetmcu/models/internal';
import type { OnnxGraphBuilder } from '../graph-builder.js';

/** Output shifts and bias of a layer. */
export function scaleAndBias(
  graph: OnnxGraphBuilder,
  node: WeightedNode,
  sums: string,
  dims: readonly number[],
): string {
  const { outputShifts, bias } = node.weights;
  let name = sums;
  if (outputShifts) {
    const scales = graph.constant(
      'int32',
      dims,
      Array.from(outputShifts, (shift) => 2 ** shift),
      'output_scales',
    );
    name = graph.node('Mul', [name, scales], {}, bias ? undefined : 'output');
  }
  return bias ? graph.node('Add', [name, graph.constant('int32', dims, bias, 'bias')], {}, 'output') : name;
}

/** Name of the node that sums the products: it gives the layer's output where nothing follows. */
export function sumsHint({ weights }: WeightedNode): string | undefined {
  return weights.outputShifts || weights.bias ? undefined : 'output';
}

/** Weights through DequantizeLinear, whose scales are the output shifts. int8 where they fit: FP130 has a +128. */
export function dequantizedWeights(
  graph: OnnxGraphBuilder,
  node: WeightedNode,
  integers: ArrayLike<number>,
  dims: readonly number[],
  outputAxis: number,
): string {
  const { rows } = weightMatrix(node);
  const type = Array.from(integers).every((weight) => weight <= 127) ? 'int8' : 'int32';
  const { outputShifts } = node.weights;
  const scale = outputShifts
    ? graph.constant(
        'float',
        [rows],
        Array.from(outputShifts, (shift) => 2 ** shift),
        'weight_scales',
      )
    : graph.scalar('float', 1);
  const zero = outputShifts
    ? graph.constant(type, [rows], new Int32Array(rows), 'weight_zero_points')
    : graph.scalar(type, 0);
  const weights = graph.constant(type, dims, integers, 'weights');
  return graph.node('DequantizeLinear', [weights, scale, zero], { axis: outputAxis });
}

/** A matrix [rows, columns] as [columns, rows]. */
export function transpose(values: ArrayLike<number>, rows: number, columns: number): Int16Array {
  return Int16Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
