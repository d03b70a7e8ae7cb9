// Which files of an earlier project are in the way of a new one in the same folder: what is generated has a folder of its own, in which nothing
// stale may be compiled, and it stood at the top before it had one. Node only.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

/** A header of the C runtime: where one stands at the top, the folder is from before generated files had their own. */
const RUNTIME_HEADER = /^bnm(_\w+)?\.h$/;
const RUNTIME_FILE = /^bnm(_\w+)?\.[chS]$/;
const SOURCE = /\.[chS]$/;
/** Written at the top to this day. */
const OTHER_FORMAT = /_bitnetmcu\.h$/;

/**
 * Paths in the folder of files of before that are not written now: listed ones in the folder of generated files, and in a folder of the old
 * layout the sources at the top that are generated, or listed. Unlisted sources there are named only where a generated one has their name.
 * @param listed paths that the manifest lists
 * @param files those that are written now
 */
export function formerFiles(
  folder: string,
  generatedFolder: string,
  listed: readonly string[],
  files: readonly { readonly path: string }[],
): readonly string[] {
  const now = new Set(files.map(({ path }) => path));
  const isGenerated = (path: string) => path.startsWith(`${generatedFolder}/`);
  const stale = listed.filter((path) => isGenerated(path) && !now.has(path));
  const names = new Set([...now].filter(isGenerated).map((path) => basename(path)));
  const top = namesIn(folder).filter((name) => !now.has(name));
  if (!top.some((name) => RUNTIME_HEADER.test(name))) return stale;
  const old = top.filter(
    (name) =>
      names.has(name) ||
      RUNTIME_FILE.test(name) ||
      (listed.includes(name) && SOURCE.test(name) && !OTHER_FORMAT.test(name)),
  );
  return [...stale, ...old];
}

/** Names of the files and links in a folder; none where it cannot be read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
