// The right shift that brings accumulators to int8: the one after which they come nearest to the float activations.
import { ExporterError } from '../../errors.js';
import type { QuantizeFloatOptions } from '../options.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import { clipOf, quantizationError } from './range-search.js';

const LARGEST_RIGHT_SHIFT = 30;

/**
 * @param float the layer whose float activations the int8 tensor should come near.
 * @param positive whether a ReLU belongs to it; limit its largest real value.
 * @throws ExporterError `no-calibration` where neither samples nor a limit tell the range.
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
    if (limit === Number.POSITIVE_INFINITY) throw needsCalibration(`The range of ${float} is not known`);
    return clampShift(Math.round(Math.log2(limit / 127 / input.scale)));
  }
  const real = input.values.map((x) => Math.min(limit, positive ? Math.max(0, x * input.scale) : x * input.scale));
  return bestShift(real, target, input.scale, positive, calibrated.options);
}

/**
 * The right shifts to try where int8 is to hold `target`, by the chosen rule for ranges.
 * @param scale value of the accumulators' 1
 * @throws ExporterError `invalid-weights` where the two have no common scale.
 */
export function shiftCandidates(
  target: Float64Array,
  scale: number,
  { ranges = 'mse' }: QuantizeFloatOptions,
): number[] {
  const clip = clipOf(target, 127, ranges === 'mse' ? 'max' : ranges);
  const guess = clip === 0 ? 0 : Math.log2(clip / 127 / scale);
  if (!Number.isFinite(guess)) {
    throw new ExporterError(
      'invalid-weights',
      `Activations up to ${clip} and accumulators in steps of ${scale} have no common scale; the weights are damaged`,
    );
  }
  if (ranges !== 'mse') return [clampShift(Math.ceil(guess - 0.25))];
  return [0, 1, 2, 3].map((finer) => clampShift(Math.ceil(guess) - finer));
}

/** The shift of the candidates with the least error; of equal ones the first. */
export function leastError(candidates: readonly number[], errorOf: (shift: number) => number): number {
  const [first, ...others] = candidates as [number, ...number[]];
  if (others.length === 0) return first;
  let best = first;
  let least = errorOf(first);
  for (const shift of others) {
    const error = errorOf(shift);
    if (error < least) [least, best] = [error, shift];
  }
  return best;
}

/** The right shift after which int8 comes nearest to the float activations, by the chosen rule. */
export function bestShift(
  real: Float64Array,
  target: Float64Array,
  scale: number,
  positive: boolean,
  options: QuantizeFloatOptions,
): number {
  return leastError(shiftCandidates(target, scale, options), (shift) =>
    quantizationError(real, target, scale * 2 ** shift, positive ? 0 : -128, 127),
  );
}

function clampShift(shift: number): number {
  return Math.max(0, Math.min(LARGEST_RIGHT_SHIFT, shift));
}
