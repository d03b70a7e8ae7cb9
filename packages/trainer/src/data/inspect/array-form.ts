// What the samples of an array look like: by its dimensions, and where those leave it open by its values.

import { TrainerError } from '../../errors.js';
import { arrayShape, type SampleForm } from '../array-shape.js';
import type { NumericArray, TextArray } from '../npy.js';
import type { Assumption, Overrides } from './inspection.js';
import { MIN_CORRELATION, MIN_SIGNAL, neighbourCorrelation } from './row-shape.js';

/** Samples that are looked at. */
const LOOKED_AT = 200;

/** The keys `form`, `layout` and `range` where they are not the loader's own choice, and in words what is assumed. */
export function sampleForm(
  array: NumericArray | TextArray,
  overrides: Overrides,
  source: string,
): { keys: Record<string, unknown>; assumptions: Assumption[] } {
  if ('texts' in array) {
    throw new TrainerError(
      'invalid-data',
      `${source}: the samples are text. An array of numbers is wanted; name it with --data-train-images.`,
    );
  }
  const keys = guess(array, overrides);
  const { form, shape, isChannelsLast } = arrayShape(array, { ...keys, ...overrides }, source);
  const [channels, height, width] = shape as readonly number[] as [number, number, number];
  const what = {
    table: `rows of ${shape[0]} values, each scaled by itself`,
    signal: `signals of ${channels} ${channels === 1 ? 'channel' : 'channels'} with ${width} values (channels ${isChannelsLast ? 'last' : 'first'})`,
    image:
      shape.length === 1
        ? `${shape[0]} pixels`
        : `pictures of ${height}×${width} pixels, ${channels} ${channels === 1 ? 'channel' : 'channels'}`,
  }[form];
  const range = (overrides.range ?? keys.range) as readonly number[] | undefined;
  return {
    keys,
    assumptions: [
      {
        what: `a sample: ${what}`,
        because: overrides.form === undefined ? reason(array, form) : 'as asked',
        change: `--data-form ${form === 'table' ? 'signal' : 'table'}${form === 'table' ? '' : ', --layout nchw or nhwc'}`,
      },
      ...(range
        ? [
            {
              what: `values ${range.join(' … ')} become 0 … 255`,
              because: overrides.range === undefined ? 'pictures are bytes, and the values go so far' : 'as asked',
              change: '--data-range LOW,HIGH',
            },
          ]
        : []),
    ],
  };
}

function reason({ dimensions, values }: NumericArray, form: SampleForm): string {
  if (form === 'table') return 'two dimensions';
  if (form === 'image') return values instanceof Uint8Array ? 'bytes' : 'height and width are alike';
  return dimensions.length === 2
    ? 'each value is near the one before'
    : 'numbers that are no bytes, and one long dimension';
}

function guess(array: NumericArray, overrides: Overrides): { form?: SampleForm; range?: [number, number] } {
  if (overrides.form !== undefined || overrides.range !== undefined) return {};
  const { dimensions, values } = array;
  const sizes = dimensions.slice(1);
  if (sizes.length === 1) {
    const [length] = sizes as [number];
    const isSignal =
      length >= MIN_SIGNAL && !(values instanceof Uint8Array) && rowCorrelation(array, length) >= MIN_CORRELATION;
    return isSignal ? { form: 'signal' } : {};
  }
  if (values instanceof Uint8Array) return {};
  const long = sizes.filter((size) => size > 1);
  const isPicture = (long.length === 2 && long[0] === long[1] && long[0]! >= 8) || long.length === 3;
  return isPicture ? { form: 'image', range: pictureRange(values) } : {};
}

function rowCorrelation({ values }: NumericArray, length: number): number {
  const rows = Math.min(LOOKED_AT, Math.floor(values.length / length));
  return neighbourCorrelation(
    Array.from({ length: rows }, (_, row) => Array.from({ length }, (_, i) => values[row * length + i]!)),
  );
}

/** The usual ends of pictures where the values keep to them, else the smallest and the largest. */
function pictureRange(values: ArrayLike<number>): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low >= 0 && high <= 1) return [0, 1];
  if (low >= -1 && high <= 1) return [-1, 1];
  if (low >= 0 && high <= 255 && high > 63) return [0, 255];
  return low < high ? [low, high] : [low, low + 1];
}
