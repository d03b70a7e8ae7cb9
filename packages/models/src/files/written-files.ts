// The one way in which commands write files into a user's folder: what this project did not write, or somebody changed since,
// is not replaced unasked. A manifest in the folder tells, with the hash of each file written. Node only.
import { lstatSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { z } from 'zod';
import { ModelError } from '../errors.js';
import {
  type FileToWrite,
  removeFile,
  removeOrphanedTemporaries,
  writeFileAtomic,
  writeFilesAtomic,
} from './atomic-write.js';
import { withFolderLock } from './folder-lock.js';
import { formerFiles } from './former-files.js';
import { provesItself, sha256, stamped } from './own-file.js';
import { readRegularFile } from './regular-file.js';

/** Name of the manifest in the folder. */
const MANIFEST_FILE = '.bitnetmcu.json';

/** What happens to files that are there and not ours: refuse to write anything, leave them and write the others, or replace them. */
export type ExistingFiles = 'refuse' | 'keep' | 'overwrite';

export interface WriteFilesOptions {
  /** Default: `refuse`. */
  readonly existing?: ExistingFiles | undefined;
  /** Paths in the folder that a build makes: ours from then on, whatever is in them. */
  readonly built?: readonly string[] | undefined;
  /** Folder in the folder that holds nothing but generated files: those of before that are not written now are removed, see `formerFiles`. */
  readonly generatedFolder?: string | undefined;
}

export interface WrittenFiles {
  /** Paths in the folder that hold what was to be written. */
  readonly written: readonly string[];
  /** Paths left as they were: of the user (`yours`), or asked for (`keep`). */
  readonly kept: readonly string[];
  /** Paths that are the user's and that he removed: not written again. */
  readonly omitted: readonly string[];
  /** Paths of generated files of before that are gone now. */
  readonly removed: readonly string[];
}

const MAX_MANIFEST_BYTES = 4 * 2 ** 20;
const MAX_OWN_BYTES = 256 * 2 ** 20;
const HOUR = 3_600_000;
/** Of a file that a build makes: its content is not ours to know. */
const BUILT = 'built';
/** Beside the hash of a file that is not there yet: one that is missing after a crash was not removed by the user. */
const PENDING = 'pending';

const manifestSchema = z.object({
  version: z.literal(1),
  /** By path in the folder with `/`: SHA-256 of what was written; two while it is being replaced. */
  files: z.record(z.string(), z.array(z.string()).max(8)),
});
type Entries = Record<string, readonly string[]>;

/**
 * Writes files below a folder: all or, where one of them is not ours to replace, none.
 * @param files paths are relative to the folder, with `/`
 * @throws ModelError `file-exists` listing what is in the way and what to do; `folder-in-use` while another process writes there;
 * `file-error`
 */
export function writeFiles(
  folder: string,
  files: readonly FileToWrite[],
  options: WriteFilesOptions = {},
): WrittenFiles {
  checkWritableFiles(folder, files, options);
  return withFolderLock(folder, 'write', () => {
    const entries = readManifest(folder);
    const { built = [] } = options;
    const { taken, kept, omitted, removed } = planOf(folder, entries, files, options);
    if (taken.length > 0) throw refusal(folder, taken);
    const written = files.filter(({ path }) => !kept.includes(path) && !omitted.includes(path));
    removeOrphanedTemporaries(folder, HOUR);
    const hashes = written.map(({ path, content }) => [path, sha256(content)] as const);
    // Until all are replaced both contents are ours: a process that is killed in between leaves nothing that looks changed by a user.
    const between = hashes.map(([path, hash]) => {
      const pending = lstatSync(join(folder, path), { throwIfNoEntry: false }) === undefined ? [PENDING] : [];
      return [path, [...new Set([...ownHashes(entries, path), hash, ...pending])]] as const;
    });
    writeManifest(folder, { ...entries, ...Object.fromEntries(between) });
    writeFilesAtomic(written.map(({ path, content }) => ({ path: join(folder, path), content })));
    for (const path of removed) removeFile(join(folder, path));
    const after = Object.entries(entries).filter(([path]) => !removed.includes(path));
    writeManifest(folder, {
      ...Object.fromEntries(after),
      ...Object.fromEntries(hashes.map(([path, hash]) => [path, [hash]])),
      ...Object.fromEntries(built.map((path) => [path, [BUILT]])),
    });
    return { written: written.map(({ path }) => path), kept, omitted, removed };
  });
}

/**
 * Refuses where `writeFiles` would, before the work whose result is to be written.
 * @param files relative to the folder; where contents are not known yet, a file with the same content is in the way too
 * @throws ModelError `file-exists`
 */
export function checkWritableFiles(
  folder: string,
  files: readonly (Omit<FileToWrite, 'content'> & Partial<FileToWrite>)[],
  options: WriteFilesOptions = {},
): void {
  const outside = files.find(
    ({ path }) => path === '' || normalize(path).startsWith('..') || normalize(path) !== join(path),
  );
  if (outside !== undefined) throw new ModelError('file-error', `${outside.path} is no path within ${folder}.`);
  const { taken } = planOf(folder, readManifest(folder), files, options);
  if (taken.length > 0) throw refusal(folder, taken);
}

/** Whether the folder's manifest says that this project wrote the file, and it is unchanged. */
export function isOwnFile(folder: string, path: string): boolean {
  return stateOfFile(folder, readManifest(folder), path, undefined) === 'ours';
}

/**
 * Writes one file that proves by itself whose it is: a container with its checksum, or an SVG, which gets a comment with its hash.
 * @throws as `writeFiles`
 */
export function writeOwnFile(path: string, content: Uint8Array | string, existing: ExistingFiles = 'refuse'): void {
  checkOwnFile(path, existing);
  writeFileAtomic(path, typeof content === 'string' ? stamped(content) : content);
}

/** Refuses where `writeOwnFile` would. @throws ModelError `file-exists` */
export function checkOwnFile(path: string, existing: ExistingFiles = 'refuse'): void {
  const state = stateOfFile(dirname(path), {}, basename(path), undefined);
  if (state === 'absent' || state === 'ours' || (existing === 'overwrite' && state !== 'a folder')) return;
  throw refusal(dirname(path), [{ path: basename(path), reason: state }], true);
}

interface Taken {
  readonly path: string;
  readonly reason:
    | 'not written by bitnetmcu'
    | 'changed since bitnetmcu wrote it'
    | 'of a project of before, in the way of the generated one'
    | 'a folder';
}
type FileState = 'absent' | 'ours' | Taken['reason'];

interface Plan {
  /** What refuses everything. */
  readonly taken: readonly Taken[];
  readonly kept: readonly string[];
  readonly omitted: readonly string[];
  readonly removed: readonly string[];
}

type PlannedFile = Omit<FileToWrite, 'content'> & Partial<FileToWrite>;

/** What happens to each file that is to be written, and to those of before. */
function planOf(
  folder: string,
  entries: Entries,
  files: readonly PlannedFile[],
  { existing = 'refuse', built = [], generatedFolder }: WriteFilesOptions,
): Plan {
  const [taken, kept, omitted, removed]: [Taken[], string[], string[], string[]] = [[], [], [], []];
  const inTheWay = (path: string, reason: Taken['reason']) => {
    if (reason === 'a folder' || existing === 'refuse') taken.push({ path, reason });
    else if (existing === 'keep') kept.push(path);
  };
  for (const { path, content, yours } of files) {
    const reason = stateOfFile(folder, entries, path, content);
    const isLeft = yours && existing !== 'overwrite';
    if (reason === 'ours') continue;
    if (reason === 'absent') {
      if (isLeft && wasThere(entries, path)) omitted.push(path);
    } else if (isLeft && reason !== 'a folder') kept.push(path);
    else inTheWay(path, reason);
  }
  for (const path of built) {
    const reason = stateOfFile(folder, entries, path, undefined);
    if (reason !== 'absent' && reason !== 'ours') inTheWay(path, reason);
  }
  if (generatedFolder !== undefined) {
    const listed = Object.keys(entries).filter((path) => wasThere(entries, path));
    for (const path of formerFiles(folder, generatedFolder, listed, files)) {
      const reason = stateOfFile(folder, entries, path, undefined);
      if (reason === 'ours' || existing === 'overwrite') removed.push(path);
      else if (reason !== 'absent') inTheWay(path, 'of a project of before, in the way of the generated one');
    }
  }
  return { taken, kept, omitted, removed };
}

/** Whether the file was written whole once. */
function wasThere(entries: Entries, path: string): boolean {
  const hashes = ownHashes(entries, path);
  return hashes.length > 0 && !hashes.includes(PENDING) && !hashes.includes(BUILT);
}

function stateOfFile(
  folder: string,
  entries: Entries,
  path: string,
  content: Uint8Array | string | undefined,
): FileState {
  const place = join(folder, path);
  const status = lstatSync(place, { throwIfNoEntry: false });
  if (status === undefined) return 'absent';
  if (status.isDirectory()) return 'a folder';
  const hashes = ownHashes(entries, path);
  if (hashes.includes(BUILT)) return 'ours';
  const bytes = readOrNothing(place);
  if (bytes !== undefined) {
    const found = sha256(bytes);
    if (hashes.includes(found) || (content !== undefined && sha256(content) === found) || provesItself(bytes)) {
      return 'ours';
    }
  }
  return hashes.length > 0 ? 'changed since bitnetmcu wrote it' : 'not written by bitnetmcu';
}

/** A pipe, a device or what cannot be read is somebody else's. */
function readOrNothing(path: string): Uint8Array | undefined {
  try {
    return readRegularFile(path, MAX_OWN_BYTES);
  } catch {
    return undefined;
  }
}

function ownHashes(entries: Entries, path: string): readonly string[] {
  return Object.hasOwn(entries, path) ? entries[path]! : [];
}

/** A manifest that is damaged, or none, says of nothing that it is ours. */
function readManifest(folder: string): Entries {
  try {
    const text = new TextDecoder().decode(readRegularFile(join(folder, MANIFEST_FILE), MAX_MANIFEST_BYTES));
    return manifestSchema.parse(JSON.parse(text)).files;
  } catch {
    return {};
  }
}

function writeManifest(folder: string, files: Entries): void {
  writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify({ version: 1, files }, null, 1)}\n`);
}

const LISTED = 12;

function refusal(folder: string, taken: readonly Taken[], isSingle = false): ModelError {
  const lines = taken.slice(0, LISTED).map(({ path, reason }) => `  ${path}: ${reason}`);
  if (taken.length > LISTED) lines.push(`  and ${taken.length - LISTED} more`);
  const isFolder = taken.some(({ reason }) => reason === 'a folder');
  const them = taken.length === 1 ? 'it' : 'them';
  const advice = isFolder
    ? 'Move it, or choose another output.'
    : `Choose another output, or replace ${them} with --overwrite${isSingle ? '' : `; --keep leaves ${them} and writes the others`}.`;
  return new ModelError(
    'file-exists',
    `Nothing was written, because in ${folder} ${taken.length === 1 ? 'a file is' : 'files are'} in the way:\n${lines.join('\n')}\n${advice}`,
  );
}
