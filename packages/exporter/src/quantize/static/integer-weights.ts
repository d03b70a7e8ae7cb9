// Codes of a layer as the integers that its accumulators add.
import { getFormat } from '@bitnetmcu/quant';
import { type FloatWeighted, weightsPerOutput } from '../../float/float-network.js';
import type { LayerCodes } from '../../float/layer-codes.js';

/** Integers of all weights, output-major, with the outputs' left shifts in them. */
export function integerWeights(layer: FloatWeighted, { format, codes, outputShifts }: LayerCodes): Float64Array {
  const { integers } = getFormat(format);
  const columns = weightsPerOutput(layer);
  return Float64Array.from(codes, (code, i) => integers[code]! * 2 ** (outputShifts?.[Math.floor(i / columns)] ?? 0));
}

/** What the integer 1 of a layer's accumulators stands for: that of its input times that of its weights. */
export function accumulatorScale(inputScale: number, { format, step }: LayerCodes): number {
  return (inputScale * step) / getFormat(format).integerScale;
}

/** No accumulator of a layer is larger, for inputs up to `input`. */
export function largestSum(integers: Float64Array, bias: Float64Array, input: number): number {
  const columns = integers.length / bias.length;
  const sums = new Float64Array(bias.length);
  integers.forEach((weight, i) => {
    const o = Math.floor(i / columns);
    sums[o] = sums[o]! + Math.abs(weight) * input;
  });
  return sums.reduce((largest, sum, o) => Math.max(largest, sum + Math.abs(bias[o]!)), 0);
}
