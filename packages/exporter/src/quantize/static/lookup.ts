// Activation functions by table: the shift that brings accumulators to int8 in front of it, and its 256 entries.
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import type { FloatActivation } from '../../float/float-network.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import { leastError, shiftCandidates } from './requantization-shift.js';

export interface ActivationTable {
  /** For −128 … 127. */
  readonly table: readonly number[];
  /** What the integer 1 of the result stands for. */
  readonly scale: number;
}

/**
 * The table of a function between two scales.
 * @param inputScale what the integer 1 of the input stands for
 * @param aligned a scale that the result's is to be a power of two away from; absent: the result takes all of int8
 */
export function activationTable(
  apply: FloatActivation['apply'],
  inputScale: number,
  aligned?: number,
): ActivationTable {
  const values = apply(Float64Array.from({ length: 256 }, (_, i) => (i - 128) * inputScale));
  const needed = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127 || inputScale;
  // A ratio that is a power of two but for rounding stays one.
  const scale = aligned === undefined ? needed : aligned * 2 ** Math.ceil(Math.log2(needed / aligned) - 1e-9);
  const table = Array.from(values, (value) => Math.min(127, Math.max(-128, roundHalfEven(value / scale) + 0)));
  return { table, scale };
}

/**
 * The right shift in front of a table: the one after which what the table gives comes nearest to the float activations.
 * @param input accumulators that the layer reads
 * @param low least int8 that the shift gives: 0 behind a ReLU, else −128
 * @throws ExporterError `no-calibration` without samples
 */
export function shiftBeforeTable(
  { activations, options }: CalibratedNetwork,
  input: IntegerTensor,
  { name, inputs, apply }: FloatActivation,
  low: number,
): number {
  const [before, target] = [activations?.get(inputs[0]!), activations?.get(name)];
  if (!before || !target) throw needsCalibration(`The range in front of ${name} is not known`);
  return leastError(shiftCandidates(before, input.scale, options), (shift) => {
    const { table, scale } = activationTable(apply, input.scale * 2 ** shift);
    const half = shift === 0 ? 0 : 2 ** (shift - 1);
    let error = 0;
    for (let i = 0; i < target.length; i++) {
      const x = Math.min(127, Math.max(low, Math.floor((input.values[i]! + half) / 2 ** shift)));
      error += (table[x + 128]! * scale - target[i]!) ** 2;
    }
    return error;
  });
}
