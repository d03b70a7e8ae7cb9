// Whether a file is still the one that was read: what a process keeps of it is as good as that.
import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of a folder of samples: parts, and classes in them. */
const LEVELS = 2;

/**
 * Other text where the file was replaced or written since; of a folder, where files came, went or were replaced in it or in the folders below. Of what
 * is not there, empty.
 */
export function fileStamp(path: string, levels = LEVELS): string {
  const status = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (status === undefined) return '';
  if (!status.isDirectory() || levels === 0) return stampOf(status);
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [stampOf(status), ...folders.map(({ name }) => fileStamp(join(path, name), levels - 1))].join(' ');
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
