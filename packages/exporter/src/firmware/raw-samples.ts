// Raw values for the self-test: of int8 samples of a model with raw values, values that the device makes these int8 of.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount, quantizeRawValue, type RawFeature, type RawType } from '@bitnetmcu/models/internal';

/** What the self-test holds in flash: raw values, or int8. Floats would need floating point to be read, and of a front end a sample is a whole signal: there int8 are taken. */
export type SampleType = Exclude<RawType, 'f32'> | 'i8';

export const SAMPLE_BYTES: Readonly<Record<SampleType, number>> = { i8: 1, u8: 1, i16: 2, i32: 4 };

export function sampleType({ input: { raw, frontEnd } }: Pick<QuantizedModel, 'input'>): SampleType {
  return raw === undefined || frontEnd || raw.type === 'f32' ? 'i8' : raw.type;
}

/** Values of `sampleType`, for int8 samples one after another. */
export function sampleValues(model: QuantizedModel, inputs: Int8Array): Int32Array {
  const { raw, shape } = model.input;
  if (raw === undefined || sampleType(model) === 'i8') return Int32Array.from(inputs);
  const size = elementCount(shape);
  const run = size / raw.features.length;
  return Int32Array.from(inputs, (target, i) => rawValueOf(raw.features[Math.floor((i % size) / run)]!, target));
}

/** The least raw value that becomes `target`; where none does, the one that comes nearest. */
export function rawValueOf(feature: RawFeature, target: number): number {
  let [below, above] = [feature.low, feature.high];
  // The least value from which on the int8, which never falls, is at least the target; the end of the range where there is none.
  while (below < above) {
    const middle = Math.floor((below + above) / 2);
    if (quantizeRawValue(feature, middle) >= target) above = middle;
    else below = middle + 1;
  }
  if (above === feature.low) return above;
  const distance = (raw: number) => Math.abs(quantizeRawValue(feature, raw) - target);
  return distance(above - 1) < distance(above) ? above - 1 : above;
}
