// Looks at a file or folder that somebody wants to train on, and says how it is to be read.
import { readdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { TrainerError } from '../../errors.js';
import { PICTURES, SOUNDS } from '../class-files.js';
import { inspectArrayFile, inspectArrayFolder } from './inspect-arrays.js';
import { inspectCsv } from './inspect-csv.js';
import { inspectCsvFolder } from './inspect-csv-folder.js';
import { inspectPictures } from './inspect-pictures.js';
import { inspectRecordings } from './inspect-recordings.js';
import type { Found, InspectedKind, Inspection, Overrides } from './inspection.js';

/** The first that matches is taken. */
const KINDS: readonly InspectedKind[] = [
  inspectCsv,
  inspectArrayFile,
  inspectArrayFolder,
  inspectCsvFolder,
  inspectPictures,
  inspectRecordings,
];

/**
 * How the data at a path are to be read: format, columns, classes, windows, each with its reason and how to change it.
 * @param overrides keys of the data spec that were given (`{ labelColumn: 'kind' }`)
 * @throws TrainerError `data-not-found` where nothing is there, `invalid-data` for what is no data set or leaves a question open.
 */
export async function inspectData(path: string, overrides: Overrides = {}): Promise<Inspection> {
  const found = lookAt(path);
  const kind = kindOf(found);
  if (kind) return kind.inspect(found, overrides);
  refuseLooseFiles(found);
  const listed = found.entries.slice(0, 5).map(({ name }) => name);
  throw new TrainerError(
    'invalid-data',
    `${path} is no data that is known${found.isFolder ? ` (it holds ${listed.join(', ') || 'nothing'})` : ''}; wanted is ${KINDS.map(({ title }) => title).join(', or ')}.`,
  );
}

/** @throws TrainerError `invalid-data` where pictures or recordings lie in no class folder */
function refuseLooseFiles({ path, entries }: Found): void {
  for (const { title, extensions } of [PICTURES, SOUNDS]) {
    const loose = entries.filter(({ name, isFolder }) => !isFolder && extensions.includes(extname(name).toLowerCase()));
    if (loose.length === 0) continue;
    throw new TrainerError(
      'invalid-data',
      `${path} has ${title} in no class folder (${loose.length}, the first is ${loose[0]!.name}). Put those of each class into a folder of its own; of normal samples alone, for --task anomaly, all into one: ${join(path, 'normal')}.`,
    );
  }
}

/** What kind of data stands at a path, by names alone. */
export function kindOf(found: Found): InspectedKind | undefined {
  return KINDS.find((candidate) => candidate.matches(found));
}

/** @throws TrainerError `data-not-found` */
export function lookAt(path: string): Found {
  try {
    if (!statSync(path).isDirectory()) return { path, isFolder: false, entries: [] };
    const entries = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return { path, isFolder: true, entries };
  } catch (cause) {
    throw new TrainerError('data-not-found', `${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
