// Data sets saved by NumPy: one .npz with four arrays, or four .npy files.
import type { Shape } from '@bitnetmcu/models';
import type { Task } from '@bitnetmcu/models/internal';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import type { ArrayLayout } from './array-layout.js';
import { arrayShape, type SampleForm } from './array-shape.js';
import { checkAreClasses } from './classes.js';
import { readBounded } from './compressed-file.js';
import type { LoadBudget } from './load-budget.js';
import { type NumericArray, parseNpy, type TextArray } from './npy.js';
import { type RowTargets, requireTold, targetDecimals } from './raw/targets.js';
import { ByteScale, toBytes, toClassNumbers, type ValueRange } from './value-range.js';
import { openZip } from './zip.js';

/** @throws TrainerError `data-not-found` or `invalid-data`. */
export async function readNpy(path: string): Promise<NumericArray | TextArray> {
  return parseNpy(await readBounded(path), path);
}

/** The arrays of an .npz archive, read when asked for. @throws TrainerError `invalid-data`. */
export function openNpz(
  bytes: Uint8Array,
  source: string,
  budget: LoadBudget,
): { readonly names: readonly string[]; array(name: string): Promise<NumericArray | TextArray> } {
  const members = openZip(bytes, source, budget);
  const names = [...members.keys()].map((name) => name.replace(/\.npy$/, ''));
  return {
    names,
    async array(name) {
      const open = members.get(`${name}.npy`);
      if (open) return parseNpy(await open(), `${name} in ${source}`);
      const known = names.slice(0, 20).join(', ') || 'none';
      throw new TrainerError('invalid-data', `${source} has no array ${name}; it has ${known}.`);
    },
  };
}

export interface NumpyOptions {
  readonly range: ValueRange;
  readonly form?: SampleForm | undefined;
  /** Order of the dimensions; found out where absent and only one makes sense. */
  readonly layout?: ArrayLayout | undefined;
  /** Names of the classes, where labels are texts: those of the training part, for the test part. */
  readonly labels?: readonly string[] | undefined;
}

export interface NumpySamples {
  readonly samples: Samples;
  readonly shape: Shape;
  /** Names of the classes, where labels are texts. */
  readonly labels?: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Samples from an array [count, features], [count, height, width] or [count, height, width, channels] (or channels first) and labels
 * [count], [count, 1] or one-hot [count, classes]. Samples come out with channels first.
 * @throws TrainerError `invalid-data`.
 */
export function numpySamples(
  images: NumericArray | TextArray,
  labels: NumericArray | TextArray,
  { form, range, layout, labels: known }: NumpyOptions,
  source: string,
  labelSource: string,
): NumpySamples {
  if ('texts' in images) {
    throw new TrainerError(
      'invalid-data',
      `${source}: samples are texts of the dimensions ${images.dimensions.join('×')}; an array of numbers is wanted.`,
    );
  }
  const { shape, isChannelsLast, isGuess } = arrayShape(images, { form, range, layout }, source);
  const [count, ...rest] = images.dimensions as [number, ...number[]];
  const features = rest.reduce((product, size) => product * size, 1);
  const classes = readLabels(labels, count, known, labelSource);
  const scale = new ByteScale(range, features);
  const bytes = toBytes(images.values, scale, features, source);
  const notes = [...classes.notes, ...scale.notes(source, (feature) => `value ${feature}`)];
  const named = classes.names && { labels: classes.names };
  if (shape.length === 1) return { samples: { count, bytes, labels: classes.numbers }, shape, ...named, notes };
  const [channels, height, width] = shape;
  if (isGuess) {
    notes.unshift(
      `${source}: samples of ${rest.join('×')} are taken as ${channels} ${channels === 1 ? 'channel' : 'channels'} of ${height}×${width} (${isChannelsLast || rest[2] === 1 ? 'channels last' : 'channels first'}; --data-layout, key \`layout\`).`,
    );
  }
  return {
    samples: {
      count,
      bytes: isChannelsLast ? channelsFirst(bytes, height * width, channels) : bytes,
      labels: classes.numbers,
    },
    shape,
    ...named,
    notes,
  };
}

/** Class numbers of an array, with names where it has texts. */
export interface Labels {
  readonly numbers: Uint16Array;
  readonly names?: readonly string[];
  readonly notes: readonly string[];
}

export function readLabels(
  labels: NumericArray | TextArray,
  count: number,
  known: readonly string[] | undefined,
  source: string,
): Labels {
  const [rows, columns = 1] = labels.dimensions;
  const wrong = new TrainerError(
    'invalid-data',
    `${source}: ${count} samples but labels of the dimensions ${labels.dimensions.join('×')}; expected ${count}, ${count}×1, or one-hot rows.`,
  );
  if (rows !== count || labels.dimensions.length > 2) throw wrong;
  if ('texts' in labels) {
    if (columns !== 1) throw wrong;
    const texts = labels.texts.map((text) => text.trim());
    const empty = texts.indexOf('');
    if (empty >= 0) throw new TrainerError('invalid-data', `${source}: the label of sample ${empty} is empty.`);
    const names = known ?? [...new Set(texts)].sort();
    checkAreClasses([...new Set(texts)], count, source);
    return { numbers: numbersOf(texts, names, source), names, notes: [] };
  }
  if (columns === 1) return { numbers: toClassNumbers(labels.values, source), notes: [] };
  const numbers = new Uint16Array(count);
  for (let row = 0; row < count; row++) {
    const cells = Array.from({ length: columns }, (_, column) => labels.values[row * columns + column]!);
    const one = cells.indexOf(1);
    if (one < 0 || cells.some((cell, column) => cell !== (column === one ? 1 : 0))) {
      const areLabels = Array.from(labels.values).every((value) => value === 0 || value === 1);
      throw new TrainerError(
        'invalid-data',
        `${source}: the labels have ${columns} columns, and row ${row} is no one-hot row (one 1, else 0): ${cells.slice(0, 10).join(', ')}. One class a sample is wanted; ${areLabels ? 'where several labels hold together, say --task multiLabel' : 'where numbers are to be predicted, say --task regression'} (key \`task\`).`,
      );
    }
    numbers[row] = one;
  }
  return { numbers, notes: [`${source}: labels of ${columns} columns are taken as one-hot.`] };
}

function numbersOf(texts: readonly string[], names: readonly string[], source: string): Uint16Array {
  const numbers = new Map(names.map((name, i) => [name, i]));
  return Uint16Array.from(texts, (text) => {
    const number = numbers.get(text);
    if (number !== undefined) return number;
    throw new TrainerError('invalid-data', `${source}: the class ${text} is none of ${names.slice(0, 20).join(', ')}.`);
  });
}

/** From pixel after pixel to channel after channel, for images of `pixels` pixels. */
function channelsFirst(bytes: Uint8Array, pixels: number, channels: number): Uint8Array {
  if (channels === 1) return bytes;
  const planes = new Uint8Array(bytes.length);
  for (let image = 0; image < bytes.length; image += pixels * channels) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < channels; c++) planes[image + c * pixels + p] = bytes[image + p * channels + c]!;
    }
  }
  return planes;
}

/**
 * Of a regression the array as numbers, [count] or [count, outputs]; of several labels a sample 1 and 0, [count, labels]; of other tasks nothing.
 * @throws TrainerError `invalid-data` for other dimensions and values
 */
export function arrayTargets(
  array: NumericArray | TextArray,
  count: number,
  task: Task | undefined,
  source: string,
): RowTargets | undefined {
  if (task !== 'regression' && task !== 'multiLabel') return undefined;
  const [rows, outputs = 1, ...more] = array.dimensions;
  if ('texts' in array || rows !== count || more.length > 0 || (task === 'multiLabel' && outputs < 2)) {
    throw new TrainerError(
      'invalid-data',
      `${source}: ${'texts' in array ? 'texts' : 'targets'} of the dimensions ${array.dimensions.join('×')} for ${count} samples; ${task} wants numbers, ${task === 'regression' ? `${count} or ${count}×outputs` : `${count}×labels of 1 and 0`}.`,
    );
  }
  const values = Float32Array.from(array.values);
  const wrong = values.findIndex((value) =>
    task === 'regression' ? !Number.isFinite(value) : value !== 0 && value !== 1,
  );
  if (wrong >= 0) {
    throw new TrainerError(
      'invalid-data',
      `${source}: target ${wrong % outputs} of sample ${Math.floor(wrong / outputs)} is ${values[wrong]}; ${task === 'regression' ? 'a finite number' : '1 or 0'} is wanted.`,
    );
  }
  const names = Array.from({ length: outputs }, (_, i) => (outputs === 1 ? 'target' : `target ${i}`));
  if (task === 'multiLabel') return { values, names: names.map((_, i) => `label ${i}`), output: { task } };
  const decimals = (i: number) => {
    const found = targetDecimals(
      values.filter((_, at) => at % outputs === i),
      false,
    );
    requireTold(
      Float64Array.from(array.values).filter((_, at) => at % outputs === i),
      found,
      names[i]!,
      source,
    );
    return found;
  };
  return { values, names, output: { task, values: names.map((name, i) => ({ name, decimals: decimals(i) })) } };
}
