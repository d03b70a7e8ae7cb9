// Data sets saved by NumPy: pictures as bytes; tables and signals with their own scale, learned from the training part.
import type { Shape } from '@bitnetmcu/models';
import { formatShape, sameShape } from '@bitnetmcu/models/internal';
import { TrainerError } from '../errors.js';
import { arrayShape } from './array-shape.js';
import { assemble, type Part } from './assemble.js';
import { readBounded } from './compressed-file.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { LoadBudget } from './load-budget.js';
import { namesOfModel, namesOfNumbers } from './model-answers.js';
import type { NumericArray, TextArray } from './npy.js';
import { arrayTargets, type Labels, numpySamples, openNpz, readLabels, readNpy } from './numpy-dataset.js';
import { requireSignals } from './raw/signal-features.js';
import { rowDataset } from './raw/table-dataset.js';
import type { RowTargets } from './raw/targets.js';
import { arrayRows, joinedRows } from './raw/value-rows.js';
import { type ModelInput, readsBytes } from './read-like.js';
import { findBlocks } from './windows.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;
type ArraySpec = Spec<'npy'> | Spec<'npz'>;
type AnyArray = NumericArray | TextArray;

/** How arrays are opened and called. */
interface Source {
  open(name: string): Promise<AnyArray>;
  title(name: string): string;
  readonly budget?: LoadBudget;
}

/** Arrays in one .npz; without names the test arrays are `x_test` and `y_test`, as Keras has them, where they exist. */
export async function loadNpz(spec: Spec<'npz'>, like?: ModelInput): Promise<Dataset> {
  const budget = new LoadBudget();
  const archive = openNpz(await readBounded(spec.path), spec.path, budget);
  const usual = archive.names.includes('x_test') && archive.names.includes('y_test');
  const { testImages = usual ? 'x_test' : undefined, testLabels = usual ? 'y_test' : undefined } = spec;
  return loadArrays(
    { ...spec, testImages, testLabels },
    { open: (name) => archive.array(name), title: (name) => `${name} in ${spec.path}`, budget },
    like,
  );
}

export async function loadNpy(spec: Spec<'npy'>, like?: ModelInput): Promise<Dataset> {
  return loadArrays(spec, { open: readNpy, title: (path) => path }, like);
}

async function loadArrays(asked: ArraySpec, source: Source, like: ModelInput | undefined): Promise<Dataset> {
  const spec = {
    ...asked,
    ...(readsBytes(like) && { form: asked.form ?? ('image' as const) }),
    ...(namesOfModel(like) && { labels: asked.labels ?? (await textClasses(asked, source, namesOfModel(like)!)) }),
    like,
  };
  const title = source.title(spec.trainImages);
  const train = await source.open(spec.trainImages);
  if ('texts' in train) {
    throw new TrainerError(
      'invalid-data',
      `${title}: samples are texts of the dimensions ${train.dimensions.join('×')}; an array of numbers is wanted.`,
    );
  }
  const groups = spec.groups === undefined ? undefined : groupsOf(await source.open(spec.groups), train, title);
  const hasTargets = spec.task === 'regression' || spec.task === 'multiLabel';
  if (arrayShape(train, spec, title).form === 'image' && !hasTargets) return loadPictures(spec, source, train, groups);
  return loadRaw(spec, source, train, groups);
}

/**
 * Of data for a model the classes of both parts, where they are texts.
 * @throws TrainerError `invalid-data` for one-hot rows of other columns than the model has classes
 */
async function textClasses(
  spec: ArraySpec,
  { open, title }: Source,
  names: readonly string[],
): Promise<string[] | undefined> {
  if (spec.task === 'regression' || spec.task === 'multiLabel') return undefined;
  const texts: string[] = [];
  for (const one of [spec.trainLabels, ...(spec.testLabels === undefined ? [] : [spec.testLabels])]) {
    const array = await open(one);
    if ('texts' in array) texts.push(...array.texts.map((text) => text.trim()));
    const [, columns = 1] = array.dimensions;
    if (columns === 1 || columns === names.length || spec.task === 'anomaly') continue;
    throw new TrainerError(
      'invalid-data',
      `${title(one)}: labels of ${columns} columns, and the model has ${names.length} classes: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}. Give a column to each of them in this order, or name the columns with --data-labels (key \`labels\`).`,
    );
  }
  return texts.length > 0 ? [...new Set(texts)].filter((text) => text !== '').sort() : undefined;
}

/** @throws TrainerError `invalid-data` unless the array has a number or a text for each sample */
function groupsOf(array: AnyArray, { dimensions: [count] }: NumericArray, source: string): Uint32Array {
  const names = 'texts' in array ? array.texts : Array.from(array.values, String);
  if (names.length !== count) {
    throw new TrainerError(
      'invalid-data',
      `${source}: the groups have ${names.length} entries, the samples are ${count}; one a sample is wanted.`,
    );
  }
  const numbers = new Map<string, number>();
  return Uint32Array.from(names, (name) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
}

async function loadPictures(
  spec: ArraySpec & { readonly like: ModelInput | undefined },
  { open, title, budget }: Source,
  first: NumericArray,
  groups?: Uint32Array,
): Promise<Dataset> {
  requireSignals(spec, title(spec.trainImages));
  const notes: string[] = [];
  let labels: readonly string[] | undefined = spec.labels;
  const read = async (array: AnyArray, images: string, numbers: string): Promise<Part> => {
    const options = { form: spec.form, range: spec.range, layout: spec.layout, labels };
    const part = numpySamples(array, await open(numbers), options, title(images), title(numbers));
    // Where values had to be mapped, they are in memory twice.
    if ('values' in array && part.samples.bytes !== array.values)
      budget?.take(part.samples.bytes.length, title(images));
    notes.push(...part.notes);
    // The test part's classes are those of the training part.
    labels ??= part.labels;
    return part;
  };
  const train = await read(first, spec.trainImages, spec.trainLabels);
  const samples = { ...train.samples, ...(groups && { groups }) };
  if (spec.splitBy === 'blocks' && !groups) {
    const { count, labels: classes } = samples;
    const blocks = findBlocks({ count, classes, breaks: [] }, title(spec.trainImages));
    samples.groups = blocks.groups;
    notes.push(...blocks.notes);
  }
  const names = testNames(spec);
  const test = names && (await read(await open(names.images), names.images, names.labels));
  return assemble({ ...spec, labels, notes }, { ...train, samples }, test);
}

/** @throws TrainerError `invalid-data` for one without the other. */
export function testNames({
  testImages,
  testLabels,
}: {
  readonly testImages?: string | undefined;
  readonly testLabels?: string | undefined;
}): { images: string; labels: string } | undefined {
  if (testImages === undefined && testLabels === undefined) return undefined;
  if (testImages !== undefined && testLabels !== undefined) return { images: testImages, labels: testLabels };
  throw new TrainerError('invalid-data', 'testImages and testLabels belong together: give both or neither.');
}

interface RawPart {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
  readonly form: 'table' | 'signal' | 'image';
  readonly labels: Labels;
  readonly targets?: RowTargets | undefined;
}

async function loadRaw(
  spec: ArraySpec & { readonly like: ModelInput | undefined },
  { open, title, budget }: Source,
  first: NumericArray,
  groups?: Uint32Array,
): Promise<Dataset> {
  const notes: string[] = [];
  const read = async (
    array: AnyArray,
    images: string,
    numbers: string,
    known?: readonly string[],
  ): Promise<RawPart> => {
    const source = title(images);
    if ('texts' in array) throw new TrainerError('invalid-data', `${source}: samples are texts; numbers are wanted.`);
    const { form, shape, isChannelsLast, isGuess } = arrayShape(array, spec, source);
    const [channels, , length] = shape as readonly [number, number, number];
    if (isGuess) {
      notes.push(
        `${source}: samples of ${array.dimensions.slice(1).join('×')} are taken as signals of ${channels} channels with ${length} values (channels ${isChannelsLast ? 'last' : 'first'}; --layout, key \`layout\`).`,
      );
    }
    const values = finite(isChannelsLast ? channelsFirst(array.values, length, channels) : array.values, array, source);
    budget?.take(array.dimensions[0]! * shape.reduce((all, size) => all * size, 1), source);
    const count = array.dimensions[0]!;
    const labelArray = await open(numbers);
    const targets = arrayTargets(labelArray, count, spec.task, title(numbers));
    const labels = targets
      ? { numbers: new Uint16Array(count), notes: [] }
      : readLabels(labelArray, count, known, title(numbers));
    notes.push(...labels.notes);
    return { values, shape, form, labels, targets };
  };
  const train = await read(first, spec.trainImages, spec.trainLabels, spec.labels);
  const names = testNames(spec);
  const test =
    names && (await read(await open(names.images), names.images, names.labels, train.labels.names ?? spec.labels));
  if (test && !sameShape(train.shape, test.shape)) {
    throw new TrainerError(
      'invalid-data',
      `Training samples are ${formatShape(train.shape)}, test samples ${formatShape(test.shape)}.`,
    );
  }
  const areBytes = train.values instanceof Uint8Array;
  if (test && areBytes) requireBytes(test, title(names!.images));
  const width = train.shape.reduce((all, size) => all * size, 1);
  const parts = [train, ...(test ? [test] : [])];
  const count = train.values.length / width;
  const targets = train.targets && {
    ...train.targets,
    values: Float32Array.from(parts.flatMap((part) => [...part.targets!.values])),
  };
  const own = targets?.names ?? train.labels.names ?? spec.labels;
  const numbers = parts.map(({ labels }) => labels.numbers);
  const { labels, notes: said } = own
    ? { labels: own, notes: [] }
    : namesOfNumbers(numbers, spec.like, title(spec.trainLabels));
  const signal = train.form === 'signal' ? (train.shape as readonly [number, number, number]) : undefined;
  return rowDataset(
    {
      values: joinedRows(parts.map(({ values }) => arrayRows(values, width))),
      labels: Uint16Array.from(parts.flatMap(({ labels }) => [...labels.numbers])),
      groups: groups && withOthers(groups, count + (test ? test.values.length / width : 0)),
      breaks: [],
      testFrom: test && count,
      targets,
      columns: Array.from({ length: width }, (_, i) =>
        signal ? `channel ${Math.floor(i / signal[2])}` : `value ${i}`,
      ),
      areBytes,
      notes: [...notes, ...said],
    },
    {
      ...spec,
      name: spec.kind,
      source: title(spec.trainImages),
      labels,
      shape: signal,
    },
  );
}

/** Groups of the training part, and one more for all samples of the test part. */
function withOthers(groups: Uint32Array, count: number): Uint32Array {
  const all = new Uint32Array(count).fill(new Set(groups).size);
  all.set(groups);
  return all;
}

/**
 * Of bytes to train with the test part must have bytes too, in whatever type: fractions, or bytes on another scale, would be taken for others.
 * @throws TrainerError `invalid-data` with the place
 */
function requireBytes({ values, shape }: RawPart, source: string): void {
  if (values instanceof Uint8Array) return;
  const size = shape.reduce((all, one) => all * one, 1);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isInteger(value) && value >= 0 && value <= 255) continue;
    throw new TrainerError(
      'invalid-data',
      `${source}: value ${i % size} of sample ${Math.floor(i / size)} is ${value}, and the training samples are bytes (uint8), whole numbers from 0 to 255. Save both parts with the same type and scale.`,
    );
  }
}

/** @throws TrainerError `invalid-data` for infinity and what is no number, with the place. */
function finite(values: ArrayLike<number>, { dimensions }: NumericArray, source: string): ArrayLike<number> {
  if (!(values instanceof Float32Array || values instanceof Float64Array)) return values;
  const wrong = (values as Float64Array).findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return values;
  const size = values.length / dimensions[0]!;
  throw new TrainerError(
    'invalid-data',
    `${source}: value ${wrong % size} of sample ${Math.floor(wrong / size)} is ${values[wrong]}; a finite number is wanted. Replace or remove it (numpy.nan_to_num) before saving.`,
  );
}

/** From moment after moment to channel after channel. */
function channelsFirst(values: ArrayLike<number>, length: number, channels: number): ArrayLike<number> {
  const planes =
    values instanceof Uint8Array
      ? new Uint8Array(values.length)
      : values instanceof Int16Array
        ? new Int16Array(values.length)
        : values instanceof Float32Array
          ? new Float32Array(values.length)
          : new Float64Array(values.length);
  for (let sample = 0; sample < values.length; sample += length * channels) {
    for (let t = 0; t < length; t++) {
      for (let c = 0; c < channels; c++) planes[sample + c * length + t] = values[sample + t * channels + c]!;
    }
  }
  return planes;
}
