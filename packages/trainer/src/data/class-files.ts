// The files of a data set in class folders: those that are read, and those of other kinds, which are counted and named.
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Task } from '@bitnetmcu/models/internal';
import { TrainerError } from '../errors.js';
import { namesOfModel } from './model-answers.js';
import type { ModelInput } from './read-like.js';

/** A kind of file that class folders hold. */
export interface ClassFileKind {
  /** What messages call them: "PNG or JPEG pictures". */
  readonly title: string;
  /** Extensions that are read, in small letters with their dot. */
  readonly extensions: readonly string[];
  /** Extensions that mean the same to people and are not read; what makes one that is. */
  readonly others: readonly string[];
  readonly remedy: string;
}

export const PICTURES: ClassFileKind = {
  title: 'PNG or JPEG pictures',
  extensions: ['.png', '.jpg', '.jpeg', '.jpe', '.jfif'],
  others: [
    '.webp',
    '.gif',
    '.bmp',
    '.tif',
    '.tiff',
    '.heic',
    '.heif',
    '.avif',
    '.svg',
    '.ico',
    '.jp2',
    '.jxl',
    '.dng',
    '.cr2',
    '.nef',
  ],
  remedy: 'Save them as PNG, as by ImageMagick: magick mogrify -format png FILES',
};

export const SOUNDS: ClassFileKind = {
  title: 'WAV recordings',
  extensions: ['.wav', '.wave'],
  others: [
    '.mp3',
    '.flac',
    '.ogg',
    '.oga',
    '.opus',
    '.m4a',
    '.mp4',
    '.aac',
    '.aif',
    '.aiff',
    '.wma',
    '.amr',
    '.au',
    '.webm',
    '.3gp',
    '.caf',
  ],
  remedy: 'Convert each to 16-bit PCM: ffmpeg -i IN -c:a pcm_s16le OUT.wav',
};

export interface ClassFile {
  readonly path: string;
  readonly name: string;
  /** Number of its class. */
  readonly label: number;
}

/**
 * Class folders of a data set in alphabetical order. What has nothing that could be a sample is none, as the folder that macOS puts into archives; one
 * whose files are of the wrong kind, or in folders of their own, stays, so that nobody loses a class unawares.
 * @throws TrainerError `data-not-found`.
 */
export async function classFolders(folder: string, kind: ClassFileKind): Promise<string[]> {
  const names = await folderNames(folder);
  const held = await Promise.all(names.map((name) => mayHold(join(folder, name), kind)));
  // Where no folder has any file, reading them says so.
  const classes = held.some((one) => one) ? names.filter((_, i) => held[i]) : names;
  if (classes.length > 0) return classes;
  throw new TrainerError('data-not-found', `${folder} has no folders; expected one for each class, with its files.`);
}

/** Folders in a folder, hidden ones left out. */
async function folderNames(folder: string): Promise<string[]> {
  const entries = await list(folder);
  return entries.flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : [])).sort();
}

/** Whether a class folder has files that are samples, or that people take for such, or more folders. */
async function mayHold(folder: string, { extensions, others }: ClassFileKind): Promise<boolean> {
  const isSample = (name: string) => [...extensions, ...others].includes(extname(name).toLowerCase());
  const entries = (await list(folder)).filter((entry) => !entry.name.startsWith('.'));
  return entries.some((entry) => entry.isDirectory() || isSample(entry.name));
}

/** Folders that are no classes, for they hold nothing. */
async function notClasses(folder: string, labels: readonly string[], kind: ClassFileKind): Promise<string[]> {
  const passed = (await folderNames(folder)).filter((name) => !labels.includes(name));
  const held = await Promise.all(passed.map((name) => mayHold(join(folder, name), kind)));
  return passed.filter((_, i) => !held[i]);
}

/** The classes of a data set, and the folders that each part has of them where it may lack some. */
interface ClassFolders {
  readonly labels: readonly string[];
  readonly own: { readonly train?: ReadonlySet<string>; readonly test?: ReadonlySet<string> };
}

/**
 * Class folders of the training part. Of data for a model, which knows its classes, and where anomalies are looked for, which are often in the test
 * part alone, those of both parts, and neither has to have all.
 * @throws TrainerError `data-not-found`
 */
export async function classFoldersOf(
  {
    train,
    test,
    task,
  }: { readonly train: string; readonly test?: string | undefined; readonly task?: Task | undefined },
  like: ModelInput | undefined,
  kind: ClassFileKind,
): Promise<ClassFolders> {
  const trained = await classFolders(train, kind);
  if (test === undefined || !(namesOfModel(like) || task === 'anomaly')) return { labels: trained, own: {} };
  const own = { train: new Set(trained), test: new Set(await classFolders(test, kind)) };
  return { labels: [...new Set([...own.train, ...own.test])].sort(), own };
}

/**
 * The files of all classes, classes and files in alphabetical order; hidden ones are passed over.
 * @param present the classes that have a folder; absent: all
 * @throws TrainerError `data-not-found` where no file is left, or a class has none.
 */
export async function classFiles(
  folder: string,
  labels: readonly string[],
  kind: ClassFileKind,
  present?: ReadonlySet<string>,
): Promise<{ files: ClassFile[]; notes: string[] }> {
  const files: ClassFile[] = [];
  const others: string[] = [];
  const nested: string[] = [];
  const empty: string[] = [];
  for (const [label, name] of labels.entries()) {
    if (present && !present.has(name)) continue;
    const entries = (await list(join(folder, name))).filter((entry) => !entry.name.startsWith('.'));
    const names = entries.map((entry) => entry.name).sort();
    const has = (extensions: readonly string[]) =>
      names.filter((file) => extensions.includes(extname(file).toLowerCase()));
    const own = has(kind.extensions);
    files.push(...own.map((file) => ({ path: join(folder, name, file), name: file, label })));
    others.push(...has(kind.others).map((file) => join(name, file)));
    nested.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => join(name, entry.name)));
    if (own.length === 0) empty.push(name);
  }
  const passed = othersNote(others, kind);
  const deep =
    nested.length > 0
      ? `${nested.length} folders inside class folders are not looked into (the first is ${nested[0]})`
      : undefined;
  const facts = [passed, deep].filter((fact) => fact !== undefined);
  if (files.length === 0) {
    throw new TrainerError(
      'data-not-found',
      `${folder} has no ${kind.extensions.join(', ')} file in its class folders${facts.length > 0 ? `: ${facts.join('; ')}` : ''}.`,
    );
  }
  const notes = facts.map((fact) => `${folder}: ${fact}.`);
  const passedFolders = await notClasses(folder, labels, kind);
  if (passedFolders.length > 0) {
    notes.push(
      `${folder}: ${passedFolders.length === 1 ? 'the folder' : `${passedFolders.length} folders,`} ${passedFolders.slice(0, 5).join(', ')} ${passedFolders.length === 1 ? 'has no file that is read, and is no class' : 'have no file that is read, and are no classes'}.`,
    );
  }
  if (empty.length > 0) {
    notes.push(
      `${folder}: ${empty.length === 1 ? 'the class folder' : `${empty.length} class folders,`} ${empty.slice(0, 5).join(', ')} ${empty.length === 1 ? 'has' : 'have'} none of the ${kind.title} that are read.`,
    );
  }
  return { files, notes };
}

function othersNote(others: readonly string[], { title, remedy }: ClassFileKind): string | undefined {
  if (others.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const other of others) {
    const extension = extname(other).toLowerCase();
    counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  const counted = [...counts].map(([extension, count]) => `${count} ${extension}`).join(', ');
  return `${others.length} ${others.length === 1 ? 'file is' : 'files are'} passed over (${counted}; the first is ${others[0]}), for only ${title} are read. ${remedy}`;
}

async function list(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new TrainerError('data-not-found', `${folder} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
