// Folders with a folder for each class, perhaps divided into a training and a test part.
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { TrainerError } from '../../errors.js';
import type { ClassFile, ClassFileKind } from '../class-files.js';
import { listed } from '../csv/header.js';
import type { Assumption, Found, Overrides } from './inspection.js';

const TRAIN_NAMES = ['train', 'training'];
const TEST_NAMES = ['test', 'testing', 'validation', 'val'];

/** Folders of a training and a test part, where the folder is divided so. */
export function partsOf(entries: Found['entries']): { train: string; test?: string } | undefined {
  const named = (names: readonly string[]) =>
    entries.find(({ name, isFolder }) => isFolder && names.includes(name.toLowerCase()))?.name;
  const train = named(TRAIN_NAMES);
  const test = named(TEST_NAMES);
  return train === undefined ? undefined : { train, ...(test !== undefined && { test }) };
}

/** Whether class folders hold files of a kind, or others that mean the same to people: those get the better error. */
export function holdsClassFiles(found: Found, kind: ClassFileKind): boolean {
  return classFileCount(found, kind) > 0;
}

/** How many such files there are. */
export function classFileCount({ path, isFolder, entries }: Found, kind: ClassFileKind): number {
  if (!isFolder) return 0;
  const train = partsOf(entries)?.train;
  const folder = train === undefined ? path : join(path, train);
  const extensions = [...kind.extensions, ...kind.others];
  const isKind = (name: string) => !name.startsWith('.') && extensions.includes(extname(name).toLowerCase());
  return folders(folder).reduce((sum, name) => sum + names(join(folder, name)).filter(isKind).length, 0);
}

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new TrainerError('data-not-found', `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
};
const folders = (folder: string) => entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const names = (folder: string) => entriesOf(folder).map(({ name }) => name);

/** One class is enough only for anomalies. @throws TrainerError `invalid-data` */
export function requireTwoClasses(
  folder: string,
  labels: readonly string[],
  files: readonly ClassFile[],
  { task }: Overrides,
): void {
  const used = new Set(files.map(({ label }) => label));
  if (used.size >= 2 || task === 'anomaly') return;
  throw new TrainerError(
    'invalid-data',
    `${folder} has files of one class only (${labels[files[0]!.label]}); two classes or more are wanted, a folder each, or --task anomaly to learn what is normal.`,
  );
}

/**
 * What is assumed of class folders, around what is of their files.
 * @param noun what messages call the files; `own` what is assumed of these alone
 */
export function folderAssumptions(
  {
    labels,
    files,
    parts,
    notes,
  }: {
    readonly labels: readonly string[];
    readonly files: readonly ClassFile[];
    readonly parts: ReturnType<typeof partsOf>;
    readonly notes: readonly string[];
  },
  noun: string,
  own: readonly Assumption[],
): Assumption[] {
  return [
    {
      what: `classes: ${labels.length} folders (${listed(labels)})`,
      because: `they hold ${files.length} ${noun}`,
      change: '',
    },
    ...(parts?.test
      ? [{ what: `test part: ${parts.test}`, because: 'the name of the folder', change: '--data-test FOLDER' }]
      : []),
    ...own,
    ...notes.map((note) => ({ what: note, because: 'of what is in the folder', change: '' })),
  ];
}
