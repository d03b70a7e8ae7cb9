// Looks at arrays saved by NumPy: which are samples, which are labels, and what a sample is.
import { existsSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { answerWords } from '../answer-words.js';
import { readBounded } from '../compressed-file.js';
import type { DataSpecInput } from '../data-spec.js';
import { LoadBudget } from '../load-budget.js';
import type { NumericArray, TextArray } from '../npy.js';
import { openNpz, readNpy } from '../numpy-dataset.js';
import { sampleForm } from './array-form.js';
import { arrayDependence } from './dependent-rows.js';
import type { Assumption, Found, InspectedKind, Inspection, Overrides } from './inspection.js';

/** Names of samples and of their labels, in the order of preference. */
const SAMPLES = [
  'x_train',
  'xtrain',
  'train_x',
  'train_images',
  'train_data',
  'x',
  'data',
  'images',
  'samples',
  'features',
  'signals',
  'windows',
];
const LABELS = [
  'y_train',
  'ytrain',
  'train_y',
  'train_labels',
  'y',
  'labels',
  'label',
  'target',
  'targets',
  'classes',
  'class',
];
const TEST_SAMPLES = ['x_test', 'xtest', 'test_x', 'test_images', 'test_data'];
const TEST_LABELS = ['y_test', 'ytest', 'test_y', 'test_labels'];
const GROUPS = ['groups', 'group', 'subjects', 'subject', 'recordings', 'recording'];

interface Names {
  readonly trainImages: string;
  readonly trainLabels: string;
  readonly testImages?: string;
  readonly testLabels?: string;
  readonly groups?: string;
}

export const inspectArrayFile: InspectedKind = {
  title: 'arrays (.npz, or .npy files x and y)',
  matches: ({ path, isFolder }) => !isFolder && ['.npz', '.npy'].includes(extname(path).toLowerCase()),
  async inspect({ path }, overrides) {
    if (extname(path).toLowerCase() === '.npz') return inspectNpz(path, overrides);
    return inspectNpy(dirname(path), npyNames(dirname(path), basename(path)), overrides);
  },
};

export const inspectArrayFolder: InspectedKind = {
  title: 'a folder with x.npy and y.npy',
  matches: ({ isFolder, entries }) => isFolder && entries.some(({ name }) => extname(name) === '.npy'),
  async inspect({ path, entries }: Found, overrides) {
    const names = entries.filter(({ name }) => extname(name) === '.npy').map(({ name }) => name.slice(0, -4));
    return inspectNpy(path, namesOf(names, overrides, path), overrides);
  },
};

async function inspectNpz(path: string, overrides: Overrides): Promise<Inspection> {
  const archive = openNpz(await readBounded(path), path, new LoadBudget());
  const names = namesOf(archive.names, overrides, path);
  const { keys, assumptions } = await arrayKeys((name) => archive.array(name), names, overrides, path);
  return { spec: { kind: 'npz', path, ...names, ...keys, ...overrides } as DataSpecInput, assumptions };
}

async function inspectNpy(folder: string, names: Names, overrides: Overrides): Promise<Inspection> {
  const file = (name: string) => join(folder, `${name}.npy`);
  const paths = Object.fromEntries(Object.entries(names).map(([role, name]) => [role, file(name as string)]));
  const { keys, assumptions } = await arrayKeys((name) => readNpy(file(name)), names, overrides, folder);
  return { spec: { kind: 'npy', ...paths, ...keys, ...overrides } as unknown as DataSpecInput, assumptions };
}

/** The other arrays beside a file of samples: y.npy beside x.npy. */
function npyNames(folder: string, file: string): Names {
  const own = file.slice(0, -4);
  const candidates = [...SAMPLES, ...LABELS, ...TEST_SAMPLES, ...TEST_LABELS, ...GROUPS]
    .flatMap((name) => [name, name.toUpperCase(), name[0]!.toUpperCase() + name.slice(1)])
    .filter((name) => existsSync(join(folder, `${name}.npy`)));
  return namesOf([...new Set([own, ...candidates])], {}, join(folder, file));
}

function namesOf(names: readonly string[], overrides: Overrides, source: string): Names {
  const given = (role: string, wanted: readonly string[]): string | undefined =>
    (overrides[role] as string | undefined) ??
    wanted
      .map((name) => names.find((candidate) => candidate.toLowerCase() === name))
      .find((name) => name !== undefined);
  const trainImages = given('trainImages', SAMPLES);
  const trainLabels = given('trainLabels', LABELS);
  if (trainImages === undefined || trainLabels === undefined) {
    const missing = trainImages === undefined ? 'samples (x_train or x)' : 'labels (y_train or y)';
    const flag = trainImages === undefined ? '--data-train-images' : '--data-train-labels';
    throw new TrainerError(
      'invalid-data',
      `${source}: no array of ${missing} is found among ${names.slice(0, 10).join(', ') || 'none'}. Name it with ${flag}.`,
    );
  }
  const testImages = given('testImages', TEST_SAMPLES);
  const testLabels = given('testLabels', TEST_LABELS);
  const groups = given('groups', GROUPS);
  return {
    trainImages,
    trainLabels,
    ...(testImages !== undefined && testLabels !== undefined && { testImages, testLabels }),
    ...(groups !== undefined && { groups }),
  };
}

/** What stands for the answer of a sample, where it is no single number. */
function labelForm(labels: NumericArray | TextArray, task: unknown): string {
  if ('texts' in labels) return ', as text';
  const [, columns = 1] = labels.dimensions;
  if (columns === 1) return '';
  if (task === 'regression') return `, ${columns} a sample`;
  return task === 'multiLabel' ? `, 1 and 0 for each of ${columns}` : ', one-hot rows';
}

async function arrayKeys(
  open: (name: string) => Promise<NumericArray | TextArray>,
  names: Names,
  overrides: Overrides,
  source: string,
): Promise<{ keys: Record<string, unknown>; assumptions: Assumption[] }> {
  const samples = await open(names.trainImages);
  const labels = await open(names.trainLabels);
  const form = sampleForm(samples, overrides, source);
  const why =
    names.groups === undefined && overrides.splitBy === undefined ? arrayDependence(labels, overrides.task) : undefined;
  return {
    keys: { ...form.keys, ...(why && { splitBy: 'blocks' }) },
    assumptions: [
      {
        what: `samples: array ${names.trainImages} of ${samples.dimensions.join('×')}`,
        because: overrides.trainImages === undefined ? 'its name' : 'as asked',
        change: '--data-train-images NAME',
      },
      {
        what: `${answerWords(overrides.task).nouns}: array ${names.trainLabels}${labelForm(labels, overrides.task)}`,
        because: overrides.trainLabels === undefined ? 'its name' : 'as asked',
        change: '--data-train-labels NAME',
      },
      ...(names.testImages
        ? [
            {
              what: `test part: arrays ${names.testImages}, ${names.testLabels}`,
              because: 'their names',
              change: '--data-test-images NAME',
            },
          ]
        : []),
      ...(names.groups
        ? [
            {
              what: `samples that belong together: array ${names.groups}`,
              because: 'its name',
              change: '--data-groups NAME',
            },
          ]
        : []),
      ...form.assumptions,
      ...(why
        ? [
            {
              what: 'neighbouring samples go to the same part',
              because: why,
              change: '--data-groups NAME, or --data-split-by stratified',
            },
          ]
        : []),
    ],
  };
}
