// Users' own data: idx, image folders, CSV, npy and npz, with or without a test part.
import { formatShape, type Shape, sameShape } from '@bitnetmcu/models';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { readBounded } from './compressed-file.js';
import { classNames, csvSamples, readCsv } from './csv.js';
import type { DataSpec } from './data-spec.js';
import { type Dataset, makeDataset, splitSamples } from './dataset.js';
import { idxSamples, readIdx } from './idx.js';
import { classFolders, readImageFolder } from './image-folder.js';
import { LoadBudget } from './load-budget.js';
import { numpySamples, openNpz, readNpy } from './numpy-dataset.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;

interface Part {
  readonly samples: Samples;
  readonly shape: Shape;
}

/** Chooses the test part where users have none: fixed, so that every run of every seed is judged by the same samples. */
const TEST_SPLIT_SEED = 0;

/** @throws TrainerError `data-not-found` or `invalid-data`, as all loaders here. */
export async function loadIdx(spec: Spec<'idx'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const read = async (images: string, labels: string) =>
    idxSamples(await readIdx(images, budget), await readIdx(labels, budget), images);
  const train = await read(spec.trainImages, spec.trainLabels);
  return assemble(spec, train, await testPart(spec, read));
}

/** Arrays in one .npz; without names the test arrays are `x_test` and `y_test`, as Keras has them, where they exist. */
export async function loadNpz(spec: Spec<'npz'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const archive = openNpz(await readBounded(spec.path), spec.path, budget);
  const read = async (images: string, labels: string) => {
    const array = await archive.array(images);
    const part = numpySamples(array, await archive.array(labels), spec.range, spec.path);
    // Where values had to be mapped, they are in memory twice.
    if (part.samples.bytes !== array.values) budget.take(part.samples.bytes.length, spec.path);
    return part;
  };
  const train = await read(spec.trainImages, spec.trainLabels);
  const usual = archive.names.includes('x_test') && archive.names.includes('y_test');
  const { testImages = usual ? 'x_test' : undefined, testLabels = usual ? 'y_test' : undefined } = spec;
  return assemble(spec, train, await testPart({ testImages, testLabels }, read));
}

export async function loadNpy(spec: Spec<'npy'>): Promise<Dataset> {
  const read = async (images: string, labels: string) =>
    numpySamples(await readNpy(images), await readNpy(labels), spec.range, images);
  const train = await read(spec.trainImages, spec.trainLabels);
  return assemble(spec, train, await testPart(spec, read));
}

export async function loadFolder(spec: Spec<'folder'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const labels = await classFolders(spec.train);
  const read = async (folder: string, size = spec.size): Promise<Part> => {
    const { samples, height, width } = await readImageFolder(folder, labels, { channels: spec.channels, size }, budget);
    return { samples, shape: [spec.channels, height, width] };
  };
  const train = await read(spec.train);
  const test = spec.test === undefined ? undefined : await read(spec.test);
  return assemble({ ...spec, labels }, train, test);
}

export async function loadCsv(spec: Spec<'csv'>): Promise<Dataset> {
  const train = await readCsv(spec.train, spec);
  const test = spec.test === undefined ? undefined : await readCsv(spec.test, spec);
  const labels = spec.labels ?? classNames(train.classes);
  const shape: Shape = spec.shape ?? [train.features];
  return assemble(
    { ...spec, labels },
    { samples: csvSamples(train, labels, spec.train), shape },
    test && { samples: csvSamples(test, labels, spec.test!), shape: spec.shape ?? [test.features] },
  );
}

async function testPart(
  { testImages, testLabels }: { readonly testImages?: string | undefined; readonly testLabels?: string | undefined },
  read: (images: string, labels: string) => Promise<Part>,
): Promise<Part | undefined> {
  if (testImages === undefined && testLabels === undefined) return undefined;
  if (testImages !== undefined && testLabels !== undefined) return read(testImages, testLabels);
  throw new TrainerError('invalid-data', 'testImages and testLabels belong together: give both or neither.');
}

function assemble(
  spec: { readonly kind: string; readonly labels?: readonly string[] | undefined; readonly testShare: number },
  train: Part,
  test: Part | undefined,
): Dataset {
  if (test && !sameShape(train.shape, test.shape)) {
    throw new TrainerError(
      'invalid-data',
      `Training samples are ${formatShape(train.shape)}, test samples ${formatShape(test.shape)}.`,
    );
  }
  const { shape } = train;
  const labels = spec.labels ?? numberedClasses(train.samples.labels);
  if (test) return makeDataset({ name: spec.kind, train: train.samples, test: test.samples, shape, labels });
  const split = splitSamples(train.samples, Math.round(train.samples.count * spec.testShare), TEST_SPLIT_SEED);
  return makeDataset({ name: spec.kind, train: split.rest, test: split.heldOut, shape, labels });
}

/** "0", "1", … up to the largest label. */
function numberedClasses(numbers: Uint16Array): string[] {
  const largest = numbers.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}
