// Looks at a folder of pictures in class folders.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { listed } from '../csv/header.js';
import type { DataSpecInput } from '../data-spec.js';
import type { Found, InspectedKind } from './inspection.js';

const PICTURE = /\.(png|jpe?g)$/i;
const TRAIN_NAMES = ['train', 'training'];
const TEST_NAMES = ['test', 'testing', 'validation', 'val'];

export const inspectPictures: InspectedKind = {
  title: 'a folder of PNG or JPEG pictures in one folder for each class',
  matches: ({ path, isFolder, entries }) =>
    isFolder && (partsOf(entries) !== undefined || classesOf(path, entries).length > 0),
  async inspect({ path, entries }, overrides) {
    const parts = partsOf(entries);
    const train = parts ? join(path, parts.train) : path;
    const classes = classesOf(
      train,
      readdirSync(train, { withFileTypes: true }).map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() })),
    );
    if (classes.length < 2) {
      throw new TrainerError(
        'invalid-data',
        `${train} has ${classes.length === 1 ? `pictures of one class only (${classes[0]})` : 'no class folders with pictures'}; two classes or more are wanted, a folder each.`,
      );
    }
    return {
      spec: {
        kind: 'folder',
        train,
        ...(parts?.test && { test: join(path, parts.test) }),
        ...overrides,
      } as DataSpecInput,
      assumptions: [
        { what: `classes: ${classes.length} folders (${listed(classes)})`, because: 'each holds pictures', change: '' },
        ...(parts?.test
          ? [{ what: `test part: ${parts.test}`, because: 'the name of the folder', change: '--data-test FOLDER' }]
          : []),
      ],
    };
  },
};

/** Folders of a training and a test part, where the folder is divided so. */
function partsOf(entries: Found['entries']): { train: string; test?: string } | undefined {
  const named = (names: readonly string[]) =>
    entries.find(({ name, isFolder }) => isFolder && names.includes(name.toLowerCase()))?.name;
  const train = named(TRAIN_NAMES);
  const test = named(TEST_NAMES);
  return train === undefined ? undefined : { train, ...(test !== undefined && { test }) };
}

function classesOf(path: string, entries: Found['entries']): string[] {
  return entries
    .filter(
      ({ name, isFolder }) =>
        isFolder && !name.startsWith('.') && readdirSync(join(path, name)).some((file) => PICTURE.test(file)),
    )
    .map(({ name }) => name)
    .sort();
}
