// The paths in the description of a data set. A file names its data by paths relative to itself, so that both can be moved together;
// in memory paths are those of the process.
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Provenance } from '@bitnetmcu/models';

/** Keys that are paths; groups are a file of .npy alone, of tables a column. */
const PATH_KEYS = [
  'path',
  'train',
  'test',
  'trainImages',
  'trainLabels',
  'testImages',
  'testLabels',
  'groups',
] as const;

type Described = Readonly<Record<string, unknown>>;

/** The paths that a data set would open, with the keys that name them; none for the sets that come by name. */
export function pathsOf(data: Described): readonly (readonly [key: string, path: string])[] {
  return PATH_KEYS.flatMap((key) => {
    const value = data[key];
    // The others of an .npz are names of arrays within its one file.
    const isNamed = data.kind !== 'npz' || key === 'path';
    const isPath = typeof value === 'string' && isNamed && (key !== 'groups' || data.kind === 'npy');
    return isPath ? [[key, value] as const] : [];
  });
}

/** Folders and files of a part: what they are a part of has the name. */
const PART_NAME = /^(train|training)(\.\w+)?$/i;

/** What has the name of the data: the file or folder of the samples, or the folder that this is a part of. */
export function placeOf(data: Described): string | undefined {
  const [found] = pathsOf(data).filter(([key]) => ['path', 'train', 'trainImages'].includes(key));
  // What comes by a name has that one.
  if (found === undefined || data.kind === 'emnist') return undefined;
  const place = resolve(found[1]);
  return PART_NAME.test(basename(place)) ? dirname(place) : place;
}

/** What people call a data set: iris.csv, mnist. */
export function titleOf(data: Described): string {
  const place = placeOf(data);
  return place === undefined ? String(data.kind) : basename(place) || place;
}

/** The same description with other paths. */
export function mapPaths<T extends Described>(data: T, change: (path: string) => string): T {
  return { ...data, ...Object.fromEntries(pathsOf(data).map(([key, path]) => [key, change(path)])) };
}

/** Says in the provenance of a file that its paths are relative to the file. */
const RELATIVE_TO_FILE = 'file';

/**
 * The provenance as a file holds it: paths relative to the folder of the file, with `/`. A path on another drive stays absolute.
 * @param file path of the file that is written
 */
export function provenanceForFile(provenance: Provenance, file: string): Provenance {
  const { data } = provenance;
  if (data === undefined || pathsOf(data).length === 0) return provenance;
  const folder = resolve(dirname(file));
  const inFile = mapPaths(data, (path) => {
    const from = relative(folder, resolve(path));
    return isAbsolute(from) ? from : from.split(sep).join('/');
  });
  return withData({ ...provenance, dataPaths: RELATIVE_TO_FILE } as Provenance, inFile);
}

/** The reverse: paths that this process can open. Provenance of older files, relative to who knows what, is left as it is. */
export function provenanceOfFile(provenance: Provenance, file: string): Provenance {
  const { dataPaths, ...rest } = provenance as Provenance & { readonly dataPaths?: unknown };
  if (dataPaths !== RELATIVE_TO_FILE || rest.data === undefined) return provenance;
  return withData(
    rest,
    mapPaths(rest.data, (path) => (isAbsolute(path) ? path : join(dirname(file), path))),
  );
}

/** The configuration says it once more. */
function withData(provenance: Provenance, data: Described): Provenance {
  const { config } = provenance;
  const isObject = typeof config === 'object' && config !== null && 'data' in config;
  return { ...provenance, data, ...(isObject && { config: { ...config, data } }) };
}
