// Files that are whole or absent: written beside their place, flushed to the disk, then renamed. Node only.
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ModelError } from '../errors.js';

/**
 * Writes a file so that at any moment, also after a crash, its path holds the old content or the new, never a part.
 * Makes missing folders. Synchronous: a signal cannot come between.
 * @throws ModelError `file-error` with the system's reason.
 */
export function writeFileAtomic(path: string, content: Uint8Array | string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeAndSync(temporary, bytes);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new ModelError('file-error', `Cannot write ${path}: ${(cause as Error).message}.`, { cause });
  }
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
