// The preprocessing of a model as ONNX nodes in float32: the same operations in the same order as models' quantizeInput, so the same int8.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { OnnxGraphBuilder } from './graph-builder.js';

/** Below this, max|v| counts as zero, as in quantizeInput. */
const SMALLEST_MAXIMUM = 2 ** -100;

/** Appends the nodes from raw uint8 samples `raw` to the quantized input, still as float32. Returns its name. */
export function quantizedFromRaw(graph: OnnxGraphBuilder, { input }: QuantizedModel, raw: string): string {
  const { divisor, mean, deviation } = input.preprocessing;
  const scalar = (value: number) => graph.scalar('float', value);
  const divided = graph.node('Div', [graph.cast(raw, 'float'), scalar(divisor)]);
  const value = graph.node('Div', [graph.node('Sub', [divided, scalar(mean)]), scalar(deviation)]);
  const scaled = graph.node('Mul', [
    value,
    input.quantization.kind === 'static'
      ? scalar(input.quantization.scale)
      : dynamicScale(graph, value, input.shape.length),
  ]);
  return graph.node('Round', [graph.node('Clip', [scaled, scalar(-128), scalar(127)])]);
}

/** 127/max|v| of each sample, 0 where the maximum is as good as zero. */
function dynamicScale(graph: OnnxGraphBuilder, value: string, rank: number): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis + 1);
  const max = graph.node('ReduceMax', [graph.node('Abs', [value])], { axes, keepdims: 1 });
  const factor = graph.node('Div', [graph.scalar('float', 127), max]);
  return graph.node('Where', [
    graph.node('Less', [max, graph.scalar('float', SMALLEST_MAXIMUM)]),
    graph.scalar('float', 0),
    factor,
  ]);
}
