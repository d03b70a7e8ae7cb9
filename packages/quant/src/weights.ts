// What every function here asks of a weight tensor: finite float32 numbers, output-major, the same count for every output.
import { QuantError } from './errors.js';

/** @throws QuantError `invalid-shape` unless `length` is a multiple of `outputs`, an integer ≥ 1. */
export function requireOutputs(length: number, outputs: number): void {
  if (!Number.isSafeInteger(outputs) || outputs < 1) {
    throw new QuantError('invalid-shape', `${outputs} outputs were given; their number must be an integer ≥ 1.`);
  }
  if (length % outputs !== 0) {
    throw new QuantError(
      'invalid-shape',
      `${length} weights cannot be divided among ${outputs} outputs. Pass outputs · inputs weights, output-major.`,
    );
  }
}

/**
 * The weights as float32: the same array where it is one already.
 * @throws QuantError `non-finite-weight` with the index of the first NaN or infinite weight (also beyond float32).
 */
export function finiteFloat32(weights: ArrayLike<number>): Float32Array {
  const values = weights instanceof Float32Array ? weights : Float32Array.from(weights);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) {
      throw new QuantError(
        'non-finite-weight',
        `Weight ${i} is ${weights[i]}; only finite float32 numbers can be quantized. If training diverged, lower the learning rate or resume from an earlier checkpoint.`,
      );
    }
  }
  return values;
}
