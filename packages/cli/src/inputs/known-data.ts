// A record of the data sets that this user has named himself, kept in the cache folder. A model tells which of them it was trained
// on by the hash of the samples; it never tells which files are opened.
import { join, resolve } from 'node:path';
import { readFileBounded, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { cacheFolder, type DataSpec, dataSpecSchema, mapPaths, pathsOf } from '@bitnetmcu/trainer/internal';
import { z } from 'zod';

const FILE = 'known-data.json';
const MAX_BYTES = 2 ** 20;
/** The ones used last are kept. */
const MAX_ENTRIES = 200;

const recordSchema = z.object({
  version: z.literal(1),
  // Another version of this program may say what this one does not know: that entry stays as it is, and the others count.
  dataSets: z.array(z.looseObject({ sha256: z.string(), data: z.unknown() })),
  /** Absolute paths of other files that were named, such as teachers. */
  files: z.array(z.string()),
});
type KnownData = z.infer<typeof recordSchema>;

/** The same data set from wherever it is opened. */
const withAbsolutePaths = (data: DataSpec): DataSpec => mapPaths(data, (path) => resolve(path));

/** The data set with these samples (SHA-256), if the user named it once. */
export function knownDataSet(sha256: string | undefined): DataSpec | undefined {
  if (sha256 === undefined) return undefined;
  const found = dataSpecSchema.safeParse(read().dataSets.find((one) => one.sha256 === sha256)?.data);
  return found.success ? found.data : undefined;
}

/** Whether the user named this file once. */
export function isKnownFile(path: string): boolean {
  return read().files.includes(resolve(path));
}

/** Notes a data set that the user named. A cache that cannot be written costs a question later, nothing now. */
export function rememberDataSet(sha256: string, data: DataSpec): void {
  if (pathsOf(data).length === 0) return;
  const { dataSets, ...rest } = read();
  const others = dataSets.filter((one) => one.sha256 !== sha256);
  write({ ...rest, dataSets: [{ sha256, data: withAbsolutePaths(data) }, ...others] });
}

/** Notes files that the user named. */
export function rememberFiles(paths: readonly string[]): void {
  if (paths.length === 0) return;
  const { files, ...rest } = read();
  write({ ...rest, files: [...new Set([...paths.map((path) => resolve(path)), ...files])] });
}

function read(): KnownData {
  try {
    return recordSchema.parse(JSON.parse(new TextDecoder().decode(readFileBounded(place(), MAX_BYTES))));
  } catch {
    return { version: 1, dataSets: [], files: [] };
  }
}

function write({ dataSets, files }: KnownData): void {
  const record: KnownData = {
    version: 1,
    dataSets: dataSets.slice(0, MAX_ENTRIES),
    files: files.slice(0, MAX_ENTRIES),
  };
  try {
    writeFileAtomic(place(), `${JSON.stringify(record, null, 1)}\n`);
  } catch {
    // No home folder, or one that is read-only.
  }
}

function place(): string {
  return join(cacheFolder(), FILE);
}
