// Which data a run uses, as plain JSON, and the one function that loads it.
import { z } from 'zod';
import { type AcquireOptions, acquire } from './acquire.js';
import { CATALOGUE, type CatalogueName } from './catalogue.js';
import { type Dataset, makeDataset } from './dataset.js';
import { EMNIST_SPLITS, type EmnistSplit, loadEmnist } from './emnist.js';
import { idxSamples, parseIdx, readIdx } from './idx.js';

const path = z.string().min(1);
const labels = z
  .array(z.string().min(1))
  .min(2)
  .max(65_536)
  .optional()
  .describe('class names in the order of their numbers');

export const dataSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mnist'), path: path.optional(), offline: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('fashion-mnist'), path: path.optional(), offline: z.boolean().optional() }),
  z.strictObject({
    kind: z.literal('emnist'),
    path,
    split: z.enum(Object.keys(EMNIST_SPLITS) as [EmnistSplit, ...EmnistSplit[]]),
  }),
  z.strictObject({
    kind: z.literal('idx'),
    trainImages: path,
    trainLabels: path,
    testImages: path,
    testLabels: path,
    labels,
  }),
]);

/** A data set by kind and place. */
export type DataSpec = z.infer<typeof dataSpecSchema>;

/**
 * Loads a data set.
 * @throws TrainerError `data-not-found`, `checksum-mismatch` or `invalid-data`.
 */
export async function loadDataset(
  spec: DataSpec,
  options: Pick<AcquireOptions, 'onNotice' | 'cache' | 'registry' | 'fetch'> = {},
): Promise<Dataset> {
  switch (spec.kind) {
    case 'mnist':
    case 'fashion-mnist':
      return loadCatalogued(spec.kind, { ...options, path: spec.path, offline: spec.offline });
    case 'emnist':
      return loadEmnist(spec.path, spec.split);
    case 'idx':
      return loadIdx(spec);
    default:
      return spec satisfies never;
  }
}

async function loadCatalogued(name: CatalogueName, options: AcquireOptions): Promise<Dataset> {
  const entry = CATALOGUE[name];
  const { files } = await acquire(entry, options);
  const part = (images: 'trainImages' | 'testImages', numbers: 'trainLabels' | 'testLabels') =>
    idxSamples(
      parseIdx(files[images], entry.files[images].name),
      parseIdx(files[numbers], entry.files[numbers].name),
      entry.title,
    );
  const train = part('trainImages', 'trainLabels');
  const test = part('testImages', 'testLabels');
  return makeDataset({ name, train: train.samples, test: test.samples, shape: train.shape, labels: entry.labels });
}

async function loadIdx(spec: Extract<DataSpec, { kind: 'idx' }>): Promise<Dataset> {
  const train = idxSamples(await readIdx(spec.trainImages), await readIdx(spec.trainLabels), spec.trainImages);
  const test = idxSamples(await readIdx(spec.testImages), await readIdx(spec.testLabels), spec.testImages);
  return makeDataset({
    name: 'idx',
    train: train.samples,
    test: test.samples,
    shape: train.shape,
    labels: spec.labels ?? numberedClasses(train.samples.labels),
  });
}

/** "0", "1", … up to the largest label. */
function numberedClasses(numbers: Uint16Array): string[] {
  const largest = numbers.reduce((most, label) => Math.max(most, label), 0);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}
