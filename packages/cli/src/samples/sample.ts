// One thing to classify, whatever it was made from.
import { type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { countClamped, toRawIntegers } from '@bitnetmcu/models/internal';

export interface InferSample {
  readonly title: string;
  /** uint8 in the model's input shape. */
  readonly values: Uint8Array;
  /** The same as the model's int8. */
  readonly input: Int8Array;
  /** The class that it is known to be of. */
  readonly label?: number;
  /** What was clamped: "co2 (2 values)". */
  readonly clamped: readonly string[];
  /** Whether it is a picture, and worth a drawing. */
  readonly isPicture: boolean;
}

/** A sample from numbers in the units of its features, for a model that says what its raw values are. @throws ModelError `invalid-input` */
export function rawSample(
  { input: { raw, shape } }: QuantizedModel,
  title: string,
  numbers: ArrayLike<number>,
  label: number | undefined,
): InferSample {
  if (raw === undefined) throw new TypeError('The model has no raw input.');
  const integers = toRawIntegers(raw, shape, numbers);
  const input = quantizeRaw(raw, shape, integers);
  const counts = countClamped(raw, shape, integers);
  const clamped = [...counts].flatMap((count, i) =>
    count === 0 ? [] : [raw.kind === 'table' ? raw.features[i]!.name : `${raw.features[i]!.name} (${count} values)`],
  );
  return {
    title,
    values: Uint8Array.from(input, (code) => code + 128),
    input,
    ...(label === undefined ? {} : { label }),
    clamped,
    isPicture: false,
  };
}
