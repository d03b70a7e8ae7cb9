// The right shift that brings accumulators to int8: the one after which they come nearest to the float activations.
import { ExporterError } from '../../errors.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import type { StaticOptions } from './options.js';
import { clipOf, quantizationError } from './scales.js';

const LARGEST_RIGHT_SHIFT = 30;

/**
 * @param float the layer whose float activations the int8 tensor should come near.
 * @param positive whether a ReLU belongs to it; limit its largest real value.
 * @throws ExporterError `onnx-calibration` where neither samples nor a limit tell the range.
 */
export function requantizationShift(
  calibrated: CalibratedNetwork,
  input: IntegerTensor,
  float: string,
  positive: boolean,
  limit: number,
): number {
  const target = calibrated.activations?.get(float);
  if (!target) {
    if (limit === Number.POSITIVE_INFINITY) throw needsCalibration(`the range of ${float} is not known`);
    return clampShift(Math.round(Math.log2(limit / 127 / input.scale)));
  }
  const real = input.values.map((x) => Math.min(limit, positive ? Math.max(0, x * input.scale) : x * input.scale));
  return bestShift(real, target, input.scale, positive, calibrated.options);
}

/** The right shift after which int8 comes nearest to the float activations, by the chosen rule. */
export function bestShift(
  real: Float64Array,
  target: Float64Array,
  scale: number,
  positive: boolean,
  { ranges = 'mse' }: StaticOptions,
): number {
  const clip = clipOf(target, 127, ranges === 'mse' ? 'max' : ranges);
  const guess = clip === 0 ? 0 : Math.log2(clip / 127 / scale);
  if (!Number.isFinite(guess)) {
    throw new ExporterError(
      'onnx-calibration',
      `activations up to ${clip} and accumulators in steps of ${scale} have no common scale; the weights are damaged`,
    );
  }
  if (ranges !== 'mse') return clampShift(Math.ceil(guess - 0.25));
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let shift = Math.ceil(guess); shift >= Math.ceil(guess) - 3; shift--) {
    const error = quantizationError(real, target, scale * 2 ** clampShift(shift), positive ? 0 : -128, 127);
    if (error < least) [least, best] = [error, shift];
  }
  return clampShift(best);
}

function clampShift(shift: number): number {
  return Math.max(0, Math.min(LARGEST_RIGHT_SHIFT, shift));
}
