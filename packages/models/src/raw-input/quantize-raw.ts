// Raw samples → int8 input.
import { roundHalfEven } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import { elementCount, type Shape } from '../tensor-shape.js';
import { quantizeRawValue } from './raw-arithmetic.js';
import { RAW_TYPE_RANGES, type RawFeature, type RawInput } from './raw-input.js';

/**
 * Values in the units of the features, as files have them, as the raw integers of the device: value·10^decimals, rounded half to even
 * (of `f32` with the product rounded to float32), within the type.
 * @param features of a table one a value, of a signal one a channel; a sample's values are channel-major
 * @throws ModelError `invalid-input` for what is no number.
 */
export function toRawIntegers(input: RawInput, shape: Shape, values: ArrayLike<number>): Int32Array {
  const raw = new Int32Array(values.length);
  forEachFeature(input, shape, values.length, (feature, i) => {
    raw[i] = rawInteger(input.type, feature, values[i]!, i);
  });
  return raw;
}

function rawInteger(type: RawInput['type'], { decimals, name }: RawFeature, value: number, i: number): number {
  if (Number.isNaN(value))
    throw new ModelError('invalid-input', `Value ${i} (${name}) is no number; a number is wanted.`);
  const product = type === 'f32' ? Math.fround(Math.fround(value) * 10 ** decimals) : value * 10 ** decimals;
  const [least, most] = RAW_TYPE_RANGES[type];
  return roundHalfEven(Math.min(Math.max(product, least), most));
}

/**
 * The int8 input of raw samples: integers as the device has them, in the order of the model's input, one sample after another.
 * docs/integer-inference.md (Raw values) defines it; C and WebAssembly give the same bits.
 * @throws ModelError `invalid-input` where the length is not a multiple of the sample's.
 *
 * @example
 * ```ts
 * import { quantizeRaw } from '@bitnetmcu/models';
 *
 * const { raw, shape } = model.input;
 * if (raw) console.log(quantizeRaw(raw, shape, [51, 35, 14, 2])); // tenths of a centimetre
 * ```
 */
export function quantizeRaw(input: RawInput, shape: Shape, samples: ArrayLike<number>): Int8Array {
  const quantized = new Int8Array(samples.length);
  forEachFeature(input, shape, samples.length, (feature, i) => {
    quantized[i] = quantizeRawValue(feature, samples[i]!);
  });
  return quantized;
}

/**
 * How many of each feature's values lie outside its range, and were clamped.
 * @param values in the units of the features, where the samples were made of such: those that the type does not hold are clamped as well
 */
export function countClamped(
  input: RawInput,
  shape: Shape,
  samples: ArrayLike<number>,
  values?: ArrayLike<number>,
): Uint32Array {
  const counts = new Uint32Array(input.features.length);
  const [least, most] = RAW_TYPE_RANGES[input.type];
  // Halves are rounded to even: that above the largest integer of a type, which is odd, up; that below the smallest, which is even, to it.
  const isBeyond = (value: number) => value >= most + 0.5 || value < least - 0.5;
  const run = input.kind === 'table' ? 1 : elementCount(shape) / shape[0]!;
  forEachFeature(input, shape, samples.length, ({ low, high, decimals }, i) => {
    const isOutside = samples[i]! < low || samples[i]! > high;
    if (isOutside || (values && isBeyond(values[i]! * 10 ** decimals))) counts[Math.floor(i / run) % counts.length]!++;
  });
  return counts;
}

function forEachFeature(
  { kind, features }: RawInput,
  shape: Shape,
  count: number,
  visit: (feature: RawFeature, i: number) => void,
): void {
  const size = elementCount(shape);
  if (count % size !== 0) {
    throw new ModelError('invalid-input', `${count} values found, ${size} for each sample wanted.`);
  }
  const run = kind === 'table' ? 1 : size / shape[0]!;
  for (let i = 0; i < count; i++) visit(features[Math.floor((i % size) / run)]!, i);
}
