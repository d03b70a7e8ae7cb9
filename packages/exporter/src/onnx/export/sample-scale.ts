// What ShiftNorm and MaxAbsNorm share in ONNX: one number a sample, its maximum or a power of two, shaped to divide the sample.
import type { Shape } from '@bitnetmcu/models';
import type { OnnxGraphBuilder } from './graph-builder.js';

/** Accumulators end below 2^31. */
const ACCUMULATOR_BITS = 31;

/** The maximum of each sample of a tensor ≥ 0: [N, 1]. */
export function sampleMaximum(graph: OnnxGraphBuilder, positive: string, shape: Shape): string {
  const flat = shape.length === 1 ? positive : graph.node('Flatten', [positive], { axis: 1 });
  return graph.node('ReduceMax', [flat], { axes: [1], keepdims: 1 });
}

/** 2^(bit length of (maximum >> bits)): 1 + Σ 2^k over the thresholds 2^(bits+k) that the maximum [N, 1] reaches. */
export function powerAbove(graph: OnnxGraphBuilder, type: 'int32' | 'float', maximum: string, bits: number): string {
  const powers = Array.from({ length: ACCUMULATOR_BITS - bits }, (_, k) => 2 ** k);
  const thresholds = powers.map((power) => power * 2 ** bits);
  const reached = graph.node('GreaterOrEqual', [
    maximum,
    graph.constant(type, [powers.length], thresholds, 'thresholds'),
  ]);
  const counted = graph.node('Mul', [
    graph.cast(reached, type),
    graph.constant(type, [powers.length], powers, 'powers'),
  ]);
  return graph.node('Add', [
    graph.node('ReduceSum', [counted, graph.ints([1])], { keepdims: 1 }),
    graph.scalar(type, 1),
  ]);
}

/** A number a sample [N, 1] as [N, 1, …], to be broadcast over samples of a shape. */
export function perSample(graph: OnnxGraphBuilder, numbers: string, shape: Shape): string {
  return shape.length === 1 ? numbers : graph.node('Reshape', [numbers, graph.ints([-1, ...shape.map(() => 1)])]);
}
