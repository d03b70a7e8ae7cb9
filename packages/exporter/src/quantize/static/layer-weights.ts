// Weights and bias of one layer as integers, on steps that int32 has room for.
import { elementCount } from '@bitnetmcu/models/internal';
import { ExporterError } from '../../errors.js';
import { type FloatWeighted, outputsOf } from '../../float/float-network.js';
import { forwardLayer } from '../../float/forward-layer.js';
import type { LayerCodes } from '../../float/layer-codes.js';
import { integerBias } from './bias-correction.js';
import type { CalibratedNetwork } from './calibrated-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import { accumulatorScale, integerWeights, largestSum } from './integer-weights.js';
import { type AccumulatorNeeds, chooseCodes } from './step-search.js';

/** A bit of int32 stays for the sums. */
const LARGEST_BIAS = 2 ** 30;

export interface LayerIntegers {
  readonly codes: LayerCodes;
  readonly bias: Int32Array;
  /** What the integer 1 of the accumulators stands for. */
  readonly scale: number;
  /** No accumulator is larger, whatever the sample. */
  readonly bound: number;
  /** Accumulators of the calibration samples. */
  readonly values: Float64Array;
  /** What became of the layer besides rounding, for the user. */
  readonly warnings: readonly string[];
}

/**
 * @param input the int8 tensor that the layer reads.
 * @throws ExporterError `no-calibration` where samples are needed, `accumulator-overflow` where kept codes leave no room.
 */
export function layerIntegers(
  calibrated: CalibratedNetwork,
  layer: FloatWeighted,
  input: IntegerTensor,
  needs: AccumulatorNeeds,
): LayerIntegers {
  let { coarser } = needs;
  for (;;) {
    const warnings: string[] = [];
    const codes = chooseCodes(calibrated, layer, input, { ...needs, coarser }, warnings);
    const integers = integerWeights(layer, codes);
    const scale = accumulatorScale(input.scale, codes);
    const sums =
      calibrated.count > 0
        ? forwardLayer(layer, [input.values], calibrated.count, { weight: integers, bias: undefined })
        : new Float64Array(0);
    const bias = integerBias(calibrated, layer, sums, scale);
    const largest = bias.reduce((most, b) => Math.max(most, Math.abs(b)), 0);
    if (!Number.isFinite(largest)) throw unusableBias(layer, largest);
    const excess = Math.ceil(Math.log2(largest / LARGEST_BIAS));
    if (excess > 0) {
      coarser += excess;
      continue;
    }
    const positions = elementCount(layer.shape) / outputsOf(layer);
    const values = sums.map((sum, i) => sum + bias[Math.floor(i / positions) % bias.length]!);
    if (coarser > 0) {
      warnings.push(
        `its sums would leave int32: steps 2^${coarser} times coarser, which small weights may not survive`,
      );
    }
    const bound = largestSum(integers, bias, input.bound);
    return { codes, bias: Int32Array.from(bias), scale, bound, values, warnings };
  }
}

function unusableBias({ name }: FloatWeighted, steps: number): ExporterError {
  return new ExporterError(
    'invalid-weights',
    `A bias of layer ${name} is ${steps} steps of its sums; a finite number is wanted: the weights are damaged`,
    { layer: name },
  );
}
