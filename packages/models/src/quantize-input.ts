// From a raw sample to the int8 input of integer inference (docs/integer-inference.md, Input), in float32 so that C gives the same integers.
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { ModelError } from './errors.js';
import type { QuantizedModel } from './quantized-model.js';
import { elementCount } from './tensor-shape.js';

/** Below this, max|x| counts as zero: 127/max would leave float32. */
const SMALLEST_MAXIMUM = 2 ** -100;

/**
 * Preprocesses and quantizes raw samples (uint8 pixels or float features before preprocessing), one after another.
 *
 * With every operation rounded to float32: v = (x/divisor − mean)/deviation;
 * `dynamic`: y = round-half-even(v·(127/max|v|)) over each sample, all zero where max|v| < 2^−100; `static`: y = round-half-even(v·scale);
 * both clipped to [−128, 127]. In C: `rintf`, compiled without contraction to fused multiply-add (`-ffp-contract=off`).
 * @throws ModelError `invalid-input` where the length is not a multiple of the input size or a value is not finite.
 *
 * @example
 * ```ts
 * import { quantizeInput } from '@bitnetmcu/models';
 *
 * const inputs = quantizeInput(model, pixels); // int8, one sample after another
 * ```
 */
export function quantizeInput(model: Pick<QuantizedModel, 'input'>, samples: ArrayLike<number>): Int8Array {
  const features = elementCount(model.input.shape);
  if (samples.length === 0 || samples.length % features !== 0) {
    throw new ModelError('invalid-input', `${samples.length} values found, ${features} for each sample wanted.`);
  }
  const { quantization } = model.input;
  const quantized = new Int8Array(samples.length);
  const values = new Float32Array(features);
  for (let start = 0; start < samples.length; start += features) {
    const max = preprocess(model, samples, start, values);
    const scale =
      quantization.kind === 'static'
        ? Math.fround(quantization.scale)
        : max < SMALLEST_MAXIMUM
          ? 0
          : Math.fround(127 / max);
    for (let i = 0; i < features; i++) {
      const rounded = roundHalfEven(Math.max(-128, Math.min(127, Math.fround(values[i]! * scale))));
      quantized[start + i] = rounded;
    }
  }
  return quantized;
}

/** Fills `values` with one preprocessed sample and returns max|v|. */
function preprocess(
  model: Pick<QuantizedModel, 'input'>,
  samples: ArrayLike<number>,
  start: number,
  values: Float32Array,
): number {
  const divisor = Math.fround(model.input.preprocessing.divisor);
  const mean = Math.fround(model.input.preprocessing.mean);
  const deviation = Math.fround(model.input.preprocessing.deviation);
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const raw = Math.fround(samples[start + i]!);
    const value = Math.fround(Math.fround(Math.fround(raw / divisor) - mean) / deviation);
    if (!Number.isFinite(value)) {
      throw new ModelError(
        'invalid-input',
        `The value ${samples[start + i]} at feature ${i} of sample ${start / values.length} becomes ${value} in preprocessing, a finite number wanted.`,
      );
    }
    values[i] = value;
    max = Math.max(max, Math.abs(value));
  }
  return max;
}
