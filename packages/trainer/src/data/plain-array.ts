// Samples of an array without labels, as numbers in the order of the device: channels first.

import { TrainerError } from '../errors.js';
import type { ArrayLayout } from './array-layout.js';
import { arrayShape, type SampleForm } from './array-shape.js';
import { readBounded } from './compressed-file.js';
import { LoadBudget } from './load-budget.js';
import { openNpz, readNpy } from './numpy-dataset.js';

export interface PlainArray {
  readonly count: number;
  /** Values of one sample after another; of float32 as such, since its decimal digits are meant. */
  readonly values: Float64Array | Float32Array;
}

export interface PlainArrayOptions {
  readonly form?: SampleForm | undefined;
  readonly layout?: ArrayLayout | undefined;
  readonly range?: readonly [number, number] | undefined;
  /** Values of a sample. */
  readonly features: number;
  /** Names of arrays in an .npz, the first that is there is taken; else the only one of samples of this size. */
  readonly names?: readonly string[];
}

/** Reads an .npy or .npz file. A single sample may come without the dimension that counts. @throws TrainerError `data-not-found`, `invalid-data` */
export async function readPlainArray(path: string, options: PlainArrayOptions): Promise<PlainArray> {
  const { array, source } = await openArray(path, options);
  const total = array.values.length;
  const { features } = options;
  if (total === 0 || total % features !== 0) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${array.dimensions.join('×')} values; samples of ${features} values each are wanted.`,
    );
  }
  const count = total / features;
  const values = array.values instanceof Float32Array ? array.values : Float64Array.from(array.values);
  const dimensions = array.dimensions[0] === count ? array.dimensions : [count, ...array.dimensions];
  if (dimensions.length < 3) return { count, values };
  const { shape, isChannelsLast } = arrayShape({ ...array, dimensions }, options, source);
  if (!isChannelsLast) return { count, values };
  const channels = shape[0]!;
  const places = features / channels;
  const ordered = values.slice();
  for (let i = 0; i < total; i++) {
    const [sample, within] = [Math.floor(i / features), i % features];
    ordered[sample * features + (within % channels) * places + Math.floor(within / channels)] = values[i]!;
  }
  return { count, values: ordered };
}

async function openArray(path: string, { names = [], features }: PlainArrayOptions) {
  const numeric = (array: Awaited<ReturnType<typeof readNpy>>, source: string) => {
    if ('texts' in array) throw new TrainerError('invalid-data', `${source} holds texts; numbers are wanted.`);
    return { array, source };
  };
  if (!/\.npz$/i.test(path)) return numeric(await readNpy(path), path);
  const archive = openNpz(await readBounded(path), path, new LoadBudget());
  const named = names.find((name) => archive.names.includes(name));
  if (named !== undefined) return numeric(await archive.array(named), `${named} in ${path}`);
  for (const name of archive.names) {
    const array = await archive.array(name);
    if (
      !('texts' in array) &&
      array.values.length % features === 0 &&
      (features === 1 || array.values.length >= features)
    ) {
      return { array, source: `${name} in ${path}` };
    }
  }
  throw new TrainerError(
    'invalid-data',
    `${path} has no array with samples of ${features} values; it has ${archive.names.join(', ') || 'none'}.`,
  );
}
