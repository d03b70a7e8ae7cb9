// Keeps a cache folder below a size: what was not used for longest goes first. Node only.

import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

export interface CacheLimits {
  /** Of all entries together. */
  readonly maxBytes: number;
  /** Milliseconds; an entry used later than that stays, because a process may be using it. */
  readonly inUse: number;
  /** Which names in the folder are entries of the cache. Default: all. */
  readonly isEntry?: ((name: string) => boolean) | undefined;
}

/** Notes that an entry (a file or a folder) is used now. @returns whether it is there */
export function touchCacheEntry(path: string): boolean {
  try {
    const now = new Date();
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A cache that may only be read is used all the same.
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

/**
 * Removes the entries that were not used for longest until the rest is below the limit. Several processes can do so at once, and
 * while others add entries: each entry vanishes in one step. Whatever cannot be removed stays; nothing is thrown.
 */
export function trimCache(folder: string, { maxBytes, inUse, isEntry = () => true }: CacheLimits): void {
  const entries = list(folder)
    .filter((name) => isEntry(name) || name.startsWith(REMOVED))
    .flatMap((name) => {
      const path = join(folder, name);
      const status = lstatSync(path, { throwIfNoEntry: false });
      return status === undefined ? [] : [{ path, used: status.mtimeMs, bytes: sizeOf(path) }];
    })
    .sort((a, b) => a.used - b.used);
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const before = Date.now() - inUse;
  for (const { path, used, bytes } of entries) {
    if (total <= maxBytes || used > before) break;
    remove(folder, path);
    total -= bytes;
  }
}

/** Begins the name of what is being removed; what a killed process left so is trimmed like any other entry. */
const REMOVED = '.removed-';

function remove(folder: string, path: string): void {
  const aside = join(folder, `${REMOVED}${randomBytes(6).toString('hex')}`);
  try {
    renameSync(path, aside);
    rmSync(aside, { recursive: true, force: true });
  } catch {
    // Another process was quicker, or it may not be removed.
  }
}

function sizeOf(path: string): number {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.size;
  return list(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
