// Samples from .npy and .npz files.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { type DataSpec, readPlainArray } from '@bitnetmcu/trainer/internal';
import { byteOf, rangeOf } from './bytes.js';
import { type InferSample, rawSample, sampleSize } from './sample.js';

interface ArrayKeys {
  readonly form?: 'table' | 'signal' | 'image';
  readonly layout?: 'nchw' | 'nhwc';
  readonly range?: readonly [number, number];
  readonly trainImages?: string;
  readonly testImages?: string;
}

/** All samples of an array. @throws TrainerError `data-not-found`, `invalid-data` */
export async function readArrays(
  model: QuantizedModel,
  path: string,
  data: DataSpec | undefined,
): Promise<InferSample[]> {
  const { raw, shape } = model.input;
  const keys = (data?.kind === 'npz' || data?.kind === 'npy' ? data : {}) as ArrayKeys;
  const features = sampleSize(model);
  const names =
    data?.kind === 'npz' ? [keys.testImages, 'x_test', 'x', 'X', keys.trainImages, 'x_train'] : ['x_test', 'x', 'X'];
  const { count, values } = await readPlainArray(path, {
    features,
    form: keys.form,
    layout: keys.layout,
    range: keys.range,
    names: names.filter((name) => name !== undefined),
  });
  const range = rangeOf(data);
  return Array.from({ length: count }, (_, i) => {
    const title = `${visibleText(path)}, sample ${i}`;
    const numbers = values.subarray(i * features, (i + 1) * features);
    if (raw) return rawSample(model, title, numbers);
    const bytes = Array.from(numbers, (value) => byteOf(value, range));
    const outside = bytes.filter(({ isOutside }) => isOutside).length;
    const sample = Uint8Array.from(bytes, ({ value }) => value);
    return {
      title,
      values: sample,
      input: quantizeInput(model, sample),
      clamped: outside === 0 ? [] : [`${outside} values outside ${range.join(' … ')}`],
      isPicture: shape.length === 3 && shape[1] > 1,
    };
  });
}
