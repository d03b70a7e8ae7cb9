// The prebuilt kernel images are up to date: built again, they are the committed ones byte for byte.
// `npm run build:kernels` writes them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { buildKernelImage, compilerVersion, kernelImageModule, sourcesHash } from '../../kernels/build-kernel-image.js';
import { KERNEL_BUILDS, type KernelBuild } from '../../kernels/kernel-builds.js';
import { KERNEL_IMAGE_NAMES } from '../../src/targets/kernel-images.js';
import { kernelVariants } from '../../src/targets/kernel-variants.js';
import { PART_NAMES } from '../../src/targets/parts.js';
import { skipWhere } from '../host-compiler.js';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const prebuilt = join(packageFolder, 'src', 'targets', 'prebuilt');

/** What the compiler gives, kept between runs of the tests: it changes only with sources, compiler and builder. */
function built(build: KernelBuild): string {
  const builder = readFileSync(join(packageFolder, 'kernels', 'build-kernel-image.ts'), 'utf8');
  const key = createHash('sha256')
    .update(`${sourcesHash(build)} ${compilerVersion(build)} ${builder}`)
    .digest('hex');
  const kept = join(packageFolder, '.cache', 'kernel-images', `${build.name}-${key.slice(0, 16)}.ts`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const text = kernelImageModule(build, buildKernelImage(build));
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  return text;
}

it('are one for each name in the table of kernels: variants that name the same one are compiled alike', () => {
  expect(KERNEL_BUILDS.map(({ name }) => name).sort()).toEqual([...KERNEL_IMAGE_NAMES].sort());
  for (const part of PART_NAMES) {
    const ofImage = new Map<string, string>();
    for (const { image, sources, inRam, hot } of kernelVariants(part)) {
      const compiled = JSON.stringify([sources, inRam, hot]);
      expect(ofImage.get(image) ?? compiled).toBe(compiled);
      ofImage.set(image, compiled);
    }
  }
});

describe.each(KERNEL_BUILDS)('$name', (build) => {
  const path = join(prebuilt, `${build.name}.ts`);
  const version = compilerVersion(build);
  const missing = version === undefined ? `${build.compiler}-gcc is not installed` : undefined;
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const writing = process.env.BNM_WRITE_KERNELS === '1';

  it.skipIf(writing)('was built from these sources', () => {
    expect(committed).toContain(`// sources: ${sourcesHash(build)}\n`);
    expect(committed.length).toBeLessThan(200_000);
  });

  // Another version of the compiler gives other code: then the hash of the sources is all that can be compared.
  const isOtherVersion = version !== undefined && !writing && !committed.includes(`// compiler: ${version}\n`);
  if (isOtherVersion) console.warn(`${build.name}: built with another compiler than ${version}`);

  it.skipIf(isOtherVersion || skipWhere(missing))('is what the compiler gives', async () => {
    expect(version).toBeDefined();
    await expect(built(build)).toMatchFileSnapshot(path);
  });
});
