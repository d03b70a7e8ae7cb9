// What the samples of an array are by its dimensions: rows of tables, signals of channels, or pictures.
import type { Shape } from '@bitnetmcu/models';
import { unknownValue } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { type ArrayLayout, arrayLayout } from './array-layout.js';
import type { NumericArray } from './npy.js';

export type SampleForm = 'table' | 'signal' | 'image';

export interface ArrayShape {
  readonly form: SampleForm;
  /** That of a sample: [features], [channels, 1, length] or [channels, height, width]. */
  readonly shape: Shape;
  /** Whether the channels of a sample are its last dimension. */
  readonly isChannelsLast: boolean;
  /** Whether the order of the channels was found out, where more than one order was possible. */
  readonly isGuess: boolean;
}

export interface ArrayShapeOptions {
  readonly form?: SampleForm | undefined;
  readonly layout?: ArrayLayout | undefined;
  readonly range?: readonly [number, number] | undefined;
}

/**
 * Arrays of two dimensions are tables; bytes of three or four dimensions, and whatever has a range, pictures; other numbers signals.
 * @throws TrainerError `invalid-data` for dimensions that no samples have, and where two readings make sense.
 */
export function arrayShape(array: NumericArray, options: ArrayShapeOptions, source: string): ArrayShape {
  const [count, ...sizes] = array.dimensions;
  if (count === undefined || sizes.length < 1 || sizes.length > 3 || sizes.some((size) => size < 1 || size > 65_535)) {
    throw new TrainerError(
      'invalid-data',
      `${source}: samples have the dimensions ${array.dimensions.join('×')}; expected count×features, count×height×width, count×channels×length or count×height×width×channels.`,
    );
  }
  const form = options.form ?? defaultForm(array, sizes, options);
  switch (form) {
    case 'table':
      return plain('table', [product(sizes)]);
    case 'signal':
      return signalShape(sizes, options.layout, source);
    case 'image':
      return imageShape(sizes, options.layout, source);
    default:
      throw unknownValue('form of samples', form);
  }
}

const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const plain = (form: SampleForm, shape: Shape): ArrayShape => ({ form, shape, isChannelsLast: false, isGuess: false });

function defaultForm({ values }: NumericArray, sizes: readonly number[], { range }: ArrayShapeOptions): SampleForm {
  if (sizes.length === 1) return range ? 'image' : 'table';
  return values instanceof Uint8Array || range ? 'image' : 'signal';
}

/** Channels and length, whatever dimensions of 1 stand between them. */
function signalShape(sizes: readonly number[], layout: ArrayLayout | undefined, source: string): ArrayShape {
  const long = sizes.filter((size) => size > 1);
  if (long.length <= 1) return plain('signal', [1, 1, product(sizes)]);
  const [first, second] = long as [number, number];
  const isClear = 2 * Math.min(first, second) <= Math.max(first, second);
  if (long.length > 2 || (layout === undefined && !isClear)) {
    throw new TrainerError(
      'invalid-data',
      `${source}: samples of ${sizes.join('×')} numbers that are no bytes may be pictures or signals. For pictures say which values become 0 and 255 with --data-range (key \`range\`), such as 0,1${
        long.length > 2
          ? ''
          : `; for signals say with --layout (key \`layout\`) whether channels come first (nchw: ${first} channels) or last (nhwc: ${second} channels)`
      }.`,
    );
  }
  const isChannelsLast = layout === undefined ? second < first : layout === 'nhwc';
  const [channels, length] = isChannelsLast ? [second, first] : [first, second];
  return { form: 'signal', shape: [channels, 1, length], isChannelsLast, isGuess: layout === undefined };
}

function imageShape(sizes: readonly number[], layout: ArrayLayout | undefined, source: string): ArrayShape {
  if (sizes.length === 1) return plain('image', [sizes[0]!]);
  const [first, second, third = 1] = sizes as [number, number, number?];
  const order = sizes.length === 2 ? 'nhwc' : arrayLayout([first, second, third], layout, source);
  const [channels, height, width] = order === 'nchw' ? [first, second, third] : [third, first, second];
  return {
    form: 'image',
    shape: [channels, height, width],
    isChannelsLast: order === 'nhwc' && channels > 1,
    isGuess: sizes.length === 3 && layout === undefined,
  };
}
