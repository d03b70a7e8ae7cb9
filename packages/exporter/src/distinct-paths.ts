// Every set of files that is written into one folder passes through here.
import { ExporterError } from './errors.js';

/**
 * The same files, after checking that no two have the same path: also not on file systems that ignore case or compare normalized text.
 * @throws ExporterError `name` naming the path
 */
export function withDistinctPaths<File extends { readonly path: string }>(files: readonly File[]): readonly File[] {
  const taken = new Map<string, string>();
  for (const { path } of files) {
    const key = path.normalize('NFC').toLowerCase();
    const other = taken.get(key);
    if (other !== undefined) {
      throw new ExporterError(
        'name',
        `Two files of one folder would have the same path, ${other} and ${path}; give the model another name (--name)`,
      );
    }
    taken.set(key, path);
  }
  return files;
}
