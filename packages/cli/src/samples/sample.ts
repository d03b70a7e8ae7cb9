// One thing to classify, whatever it was made from.
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import {
  computeFrontEnd,
  countClamped,
  elementCount,
  type FrontEnd,
  roundToDecimals,
  toRawIntegers,
  windowOf,
} from '@bitnetmcu/models/internal';
import type { Truth } from '../results/answers.js';

export interface InferSample extends Truth {
  readonly title: string;
  /** uint8 in the model's input shape. */
  readonly values: Uint8Array;
  /** The same as the model's int8. */
  readonly input: Int8Array;
  /** What was clamped: "co2 (2 values)". */
  readonly clamped: readonly string[];
  /** What is missing and counts as the mean of training: "co2", of a window "x (2 values)". */
  readonly filled?: readonly string[];
  /** Whether it is a picture, and worth a drawing. */
  readonly isPicture: boolean;
}

/** Values that a sample of the model is made of: those of its input, or the signal that its front end reads. */
export function sampleSize({ input: { shape, frontEnd } }: QuantizedModel): number {
  return frontEnd ? frontEnd.channels * windowOf(frontEnd) : elementCount(shape);
}

/** A sample from numbers in the units of its features (of a front end: of its signal, channel after channel), for a model that says what its raw values are. @throws ModelError `invalid-input` */
export function rawSample(
  { input: { raw, shape, frontEnd } }: QuantizedModel,
  title: string,
  numbers: ArrayLike<number>,
  truth?: Truth,
): InferSample {
  if (raw === undefined) throw new TypeError('The model has no raw input.');
  const signal = frontEnd && int16Signal(frontEnd, numbers);
  const integers = signal ? computeFrontEnd(frontEnd, signal.values) : toRawIntegers(raw, shape, numbers);
  const input = quantizeRaw(raw, shape, integers);
  const counts = countClamped(raw, shape, integers, signal ? undefined : numbers);
  const clamped = [...counts].flatMap((count, i) =>
    count === 0
      ? []
      : [
          raw.kind === 'table'
            ? raw.features[i]!.name
            : `${raw.features[i]!.name} (${count} ${count === 1 ? 'value' : 'values'})`,
        ],
  );
  return {
    title,
    values: Uint8Array.from(input, (code) => code + 128),
    input,
    ...truth,
    clamped:
      signal && signal.beyond > 0
        ? [...clamped, `the signal (${signal.beyond} ${signal.beyond === 1 ? 'value' : 'values'} beyond int16)`]
        : clamped,
    isPicture: false,
  };
}

/** As the device has it: values times their power of ten. */
function int16Signal(frontEnd: FrontEnd, numbers: ArrayLike<number>): { values: Int16Array; beyond: number } {
  const length = windowOf(frontEnd);
  const isFloat32 = numbers instanceof Float32Array;
  let beyond = 0;
  const values = Int16Array.from({ length: frontEnd.channels * length }, (_, i) => {
    const scaled = roundToDecimals(numbers[i]!, frontEnd.decimals?.[Math.floor(i / length)] ?? 0, isFloat32);
    const value = Math.max(-32_768, Math.min(32_767, scaled));
    if (value !== scaled) beyond++;
    return value;
  });
  return { values, beyond };
}

/** The sample, and what is missing in it: of several values of a column how many. */
export function withFilled(sample: InferSample, filled: readonly string[]): InferSample {
  if (filled.length === 0) return sample;
  const counts = new Map<string, number>();
  for (const name of filled) counts.set(name, (counts.get(name) ?? 0) + 1);
  return { ...sample, filled: [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} values)`)) };
}

/** From one window to the next, in time steps: of features whole frames, as exported C has it; else as the data of the training say, or half a window. */
export function hopOf({ input: { raw, shape, frontEnd } }: QuantizedModel, hop: unknown, window: number): number {
  if (frontEnd !== undefined && raw?.kind === 'signal') {
    return frontEnd.hop * (raw.hop ?? Math.max(1, shape.at(-1)! >> 1));
  }
  return typeof hop === 'number' ? hop : Math.max(1, window >> 1);
}
