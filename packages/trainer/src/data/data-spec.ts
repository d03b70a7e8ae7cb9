// Which data a run uses, as plain JSON, and the one function that loads it.
import { z } from 'zod';
import { parseArgument, requireOptions, unknownValue } from '../arguments.js';
import { TrainerError } from '../errors.js';
import { type AcquireOptions, acquire } from './acquire.js';
import { anomalyDataset, requireNormalName } from './anomaly.js';
import { CATALOGUE, type CatalogueName } from './catalogue.js';
import { common, path } from './common-spec.js';
import { csvFolderSpec, csvSpec } from './csv/csv-spec.js';
import { placeOf, titleOf } from './data-paths.js';
import { type Dataset, makeDataset } from './dataset.js';
import { EMNIST_SPLITS, type EmnistSplit, loadEmnist } from './emnist.js';
import { requireFeatures } from './features-spec.js';
import { folderSpec } from './folder-spec.js';
import { idxSamples, parseIdx } from './idx.js';

import { loadFolder } from './image-folder.js';
import { loadNpy, loadNpz } from './load-arrays.js';
import { loadCsv, loadCsvFolder } from './load-tables.js';
import { answersLike } from './model-answers.js';
import { npySpec, npzSpec } from './numpy-spec.js';
import { loadIdx } from './own-data.js';
import { type ModelInput, requireLike, requireMeans } from './read-like.js';
import { loadRecordings } from './wav/load-recordings.js';
import { recordingsSpec } from './wav/recordings-spec.js';

export const dataSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mnist'), path: path.optional(), offline: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('fashion-mnist'), path: path.optional(), offline: z.boolean().optional() }),
  z.strictObject({
    kind: z.literal('emnist'),
    path: path.describe('folder with the idx files as NIST distributes them'),
    split: z.enum(Object.keys(EMNIST_SPLITS) as [EmnistSplit, ...EmnistSplit[]]),
  }),
  z.strictObject({
    kind: z.literal('idx'),
    trainImages: path,
    trainLabels: path,
    testImages: path.optional(),
    testLabels: path.optional(),
    ...common,
  }),
  folderSpec,
  recordingsSpec,
  csvSpec,
  csvFolderSpec,
  npzSpec,
  npySpec,
]);

/** A data set by kind and place. */
export type DataSpec = z.infer<typeof dataSpecSchema>;
/** What a user may write. */
export type DataSpecInput = z.input<typeof dataSpecSchema>;

export interface LoadOptions extends Pick<AcquireOptions, 'onNotice' | 'cache' | 'registry' | 'fetch'> {
  /**
   * The input of the model that the samples are for: they become integers, or are bytes, as it says. With the model's `labels`, `output` and `provenance`
   * what is to be answered is taken by the model's names. Default: scales and names are learned from the training part.
   */
  readonly like?: ModelInput | undefined;
}

/**
 * Loads a data set. What was assumed in reading it, and what looks wrong in it, goes to `onNotice` and into `notes`.
 * @throws TrainerError `invalid-argument` for a spec that is none and options that there are not, `data-not-found`, `checksum-mismatch` or `invalid-data`.
 *
 * @example
 * ```ts
 * import { loadDataset } from '@bitnetmcu/trainer';
 *
 * const { train, test, labels } = await loadDataset({ kind: 'mnist' });
 * console.log(train.count, test.count, labels.length); // 60000 10000 10
 * ```
 */
export async function loadDataset(input: DataSpecInput, options: LoadOptions = {}): Promise<Dataset> {
  requireOptions('loadDataset', options, { onNotice: true, cache: true, registry: true, fetch: true, like: true });
  const { like } = options;
  const spec = taskLike(parseArgument(dataSpecSchema, input, 'This names no data set'), like);
  requireFeatures(spec);
  const named = await loadKind(spec, options);
  const loaded = asTask(placeOf(spec) === undefined ? named : { ...named, name: titleOf(spec) }, spec, like);
  if (like) requireLike(loaded, like);
  if (like) requireMeans(loaded, like);
  const dataset = like ? await answersLike(loaded, like) : loaded;
  for (const note of dataset.notes ?? []) options.onNotice?.(note);
  return dataset;
}

/** Kinds whose samples may have other answers than classes. */
const WITH_TARGETS: readonly string[] = ['csv', 'csv-folder', 'npz', 'npy'] satisfies DataSpec['kind'][];

/** What a model answers is what its data are read for, where nothing else is said and they can have it; what was normal is normal. */
function taskLike(spec: DataSpec, like: ModelInput | undefined): DataSpec {
  if (!like?.output || !('testShare' in spec)) return spec;
  const { task = like.output.task } = spec;
  if (task === 'anomaly') {
    const trained = like.provenance?.data?.normal;
    return { ...spec, task, normal: spec.normal ?? (typeof trained === 'string' ? trained : undefined) };
  }
  return WITH_TARGETS.includes(spec.kind) ? { ...spec, task } : spec;
}

/** @throws TrainerError `invalid-data` where the samples have nothing of what the task wants */
function asTask(dataset: Dataset, spec: DataSpec, like: ModelInput | undefined): Dataset {
  const task = ('task' in spec && spec.task) || 'classification';
  if (task === 'anomaly') {
    const normal = 'normal' in spec ? spec.normal : undefined;
    const divided = anomalyDataset(dataset, normal);
    if (like && normal === undefined) requireNormalName(dataset, divided, like.provenance?.datasetSha256);
    return divided;
  }
  const found = dataset.output?.task ?? 'classification';
  if (found === task) return dataset;
  throw new TrainerError(
    'invalid-data',
    `${dataset.name}: ${spec.kind} data have no targets for ${task}, only classes. Give a table (csv, npz or npy) whose label column has them.`,
  );
}

async function loadKind(spec: DataSpec, options: LoadOptions): Promise<Dataset> {
  switch (spec.kind) {
    case 'mnist':
    case 'fashion-mnist':
      return loadCatalogued(spec.kind, { ...options, path: spec.path, offline: spec.offline });
    case 'emnist':
      return loadEmnist(spec.path, spec.split);
    case 'idx':
      return loadIdx(spec, options.like);
    case 'folder':
      return loadFolder(spec, options.like);
    case 'recordings':
      return loadRecordings(spec, options.like);
    case 'csv':
      return loadCsv(spec, options.like);
    case 'csv-folder':
      return loadCsvFolder(spec, options.like);
    case 'npz':
      return loadNpz(spec, options.like);
    case 'npy':
      return loadNpy(spec, options.like);
    default:
      throw unknownValue('kind of data set', spec);
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
