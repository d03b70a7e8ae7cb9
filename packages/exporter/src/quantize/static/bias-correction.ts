// Biases on the accumulators' scale, which also take off the mean error that rounding the weights leaves in each output (Nagel et al. 2019,
// arXiv:1906.04721, section 4.2).
import { elementCount } from '@bitnetmcu/models/internal';
import { type FloatWeighted, outputsOf } from '../../float/float-network.js';
import type { CalibratedNetwork } from './calibrated-network.js';

/**
 * The bias on the accumulators' scale, with the mean error of the layer taken off; not yet an int32.
 * @param sums the layer's accumulators on the calibration samples, without a bias.
 * @param scale what the integer 1 of the sums stands for.
 */
export function integerBias(
  { activations, options }: CalibratedNetwork,
  layer: FloatWeighted,
  sums: Float64Array,
  scale: number,
): Float64Array {
  const outputs = outputsOf(layer);
  const positions = elementCount(layer.shape) / outputs;
  const correct = options.biasCorrection !== false && activations !== undefined;
  const real = correct
    ? meanDifference(activations.get(layer.name)!, sums, scale, outputs, positions)
    : Float64Array.from({ length: outputs }, (_, o) => layer.bias?.[o] ?? 0);
  return real.map((b) => Math.round(b / scale));
}

/** Mean of wanted − sums·scale for each output, over samples and positions: the bias that centres the errors. */
export function meanDifference(
  wanted: Float64Array,
  sums: Float64Array,
  scale: number,
  outputs: number,
  positions: number,
): Float64Array {
  const means = new Float64Array(outputs);
  for (let i = 0; i < sums.length; i++) {
    const o = Math.floor(i / positions) % outputs;
    means[o] = means[o]! + wanted[i]! - sums[i]! * scale;
  }
  return means.map((sum) => sum / (sums.length / outputs));
}
