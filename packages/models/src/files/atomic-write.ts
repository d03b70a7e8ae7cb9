// Files that are whole or absent: written beside their place, flushed to the disk, then renamed. Node only.
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ModelError } from '../errors.js';
import { discard } from './discard.js';
import { hasEnded } from './process-identity.js';
import { systemReason } from './system-reason.js';

/** What is to stand at a path. */
export interface FileToWrite {
  readonly path: string;
  readonly content: Uint8Array | string;
  /** A start for the user to go on from: `writeFiles` leaves it alone as soon as it was changed or removed. */
  readonly yours?: true | undefined;
}

/** `.<name>.<process id>.<random>.tmp` */
const TEMPORARY = /^\..+\.(\d+)\.[0-9a-f]{8}\.tmp$/;

/**
 * Writes a file so that at any moment, also after a crash, its path holds the old content or the new, never a part.
 * Makes missing folders. Synchronous: a signal cannot come between.
 * @throws ModelError `file-error` with the system's reason.
 */
export function writeFileAtomic(path: string, content: Uint8Array | string): void {
  writeFilesAtomic([{ path, content }]);
}

/**
 * As `writeFileAtomic`, several files: none is replaced before all are on the disk, so a full disk changes nothing.
 * @throws ModelError `file-error` with the system's reason.
 */
export function writeFilesAtomic(files: readonly FileToWrite[]): void {
  const written: { readonly temporary: string; readonly path: string }[] = [];
  let at = '';
  try {
    for (const { path, content } of files) {
      at = path;
      const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
      makeFolder(dirname(path));
      written.push({ temporary, path });
      writeAndSync(temporary, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    }
    for (const { temporary, path } of written) {
      at = path;
      renameSync(temporary, path);
    }
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) syncFolder(folder);
  } catch (cause) {
    for (const { temporary } of written) discard(temporary);
    throw cannotWrite(at, cause);
  }
}

/** Adds to a file, which is made where it is missing. @throws ModelError `file-error` with the system's reason. */
export function appendToFile(path: string, content: Uint8Array | string): void {
  try {
    appendFileSync(path, content);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** Removes a file, if it is there. @throws ModelError `file-error` with the system's reason. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw new ModelError('file-error', `Cannot remove ${path}: ${systemReason(cause)}.`, { cause });
  }
}

/**
 * Finds out whether a folder takes this many bytes more: they are written, flushed and removed again. Makes the folder.
 * @throws ModelError `file-error` with the system's reason.
 */
export function probeFolder(folder: string, bytes: number): void {
  const probe = join(folder, `.probe.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    makeFolder(folder);
    writeAndSync(probe, new Uint8Array(bytes));
  } catch (cause) {
    throw cannotWrite(folder, cause);
  } finally {
    discard(probe);
  }
}

/**
 * Removes the temporary files that processes left in a folder which ended while they wrote.
 * @param minimumAge milliseconds; younger ones stay. 0 only where nobody else writes into the folder, as another machine may
 * that shares it
 */
export function removeOrphanedTemporaries(folder: string, minimumAge: number): void {
  const now = Date.now();
  for (const name of readdirSync(folder)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || !hasEnded(Number(pid))) continue;
    const path = join(folder, name);
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isFile() && now - status.mtimeMs >= minimumAge) discard(path);
  }
}

/** One folder after another: the recursive call of Node says ENOENT where the file system is read-only. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process made it just now.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function cannotWrite(path: string, cause: unknown): ModelError {
  return new ModelError('file-error', `Cannot write ${path}: ${writeReason(path, cause)}.`, { cause });
}

/** Making folders says EEXIST where a file stands in their place. */
function writeReason(path: string, cause: unknown): string {
  if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') return systemReason(cause);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) {
      return `${folder} is a file; a folder is wanted`;
    }
  }
  return `${path} is a file; a folder is wanted`;
}

function writeAndSync(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'wx');
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The rename itself reaches the disk with its folder; Windows has no such call and needs none. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
