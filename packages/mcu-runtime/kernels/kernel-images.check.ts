// The prebuilt kernel images against images built here (`npm run check:kernels`). The same bytes are the same kernels. Other bytes from
// the compiler that the prebuilt ones name are sources that have changed since; from another version of it they are expected, and
// must behave alike. With BNM_WRITE_KERNELS=1 (`npm run build:kernels`) the images built here are written instead.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeKernelImage } from '../src/targets/kernel-image.js';
import { buildKernelImage, compilerVersion, kernelImageModule } from './build-kernel-image.js';
import { compareImages } from './compare-images.js';
import { KERNEL_BUILDS } from './kernel-builds.js';

const prebuilt = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'targets', 'prebuilt');
/** Code of another version of a compiler may be this much slower or faster before somebody should look. */
const CYCLES_BOUND = 0.1;
/** Symbols of different sizes that are worth a line. */
const SHOWN = 12;

/** Of a module: the compiler that it names, and the image. */
function readModule(text: string): { readonly compiler: string; readonly json: string } {
  return {
    compiler: /^\/\/ compiler: (.*)$/m.exec(text)?.[1] ?? 'unknown',
    json: /^ {2}'(.*)';$/m.exec(text)?.[1] ?? '',
  };
}

const percent = (ratio: number) => `${ratio < 1 ? '−' : '+'}${Math.abs(100 * (ratio - 1)).toFixed(2)} %`;

it.runIf(process.env.BNM_WRITE_KERNELS === '1')(
  'images that no variant of kernels names any longer are removed',
  () => {
    const names = new Set([...KERNEL_BUILDS.map(({ name }) => `${name}.ts`), 'firmware-facts.ts']);
    for (const file of readdirSync(prebuilt)) if (!names.has(file)) rmSync(join(prebuilt, file));
  },
);

describe.each(KERNEL_BUILDS)('$name', (build) => {
  const path = join(prebuilt, `${build.name}.ts`);
  const version = compilerVersion(build);

  it.runIf(process.env.BNM_WRITE_KERNELS === '1')(`${build.name} is written`, () => {
    expect(version, `${build.compiler}-gcc`).toBeDefined();
    const text = kernelImageModule(build, buildKernelImage(build));
    expect(text.length).toBeLessThan(200_000);
    writeFileSync(path, text);
  });

  it.skipIf(process.env.BNM_WRITE_KERNELS === '1')(`${build.name} does what the image built here does`, async () => {
    expect(version, `${build.compiler}-gcc is needed to compare`).toBeDefined();
    expect(existsSync(path), `${path}: run \`npm run build:kernels\``).toBe(true);
    const committed = readModule(readFileSync(path, 'utf8'));
    const built = readModule(kernelImageModule(build, buildKernelImage(build)));
    if (built.json === committed.json) return;
    // Features have no models to be compared by: their bits are tested on the simulated parts.
    if (build.dispatcher === undefined && built.compiler !== committed.compiler) return;
    expect(build.dispatcher, `${build.name} is stale: run \`npm run build:kernels\``).toBeDefined();
    const compared = await compareImages(build.name, decodeKernelImage(committed.json), decodeKernelImage(built.json));
    const ratio = compared.builtCycles / compared.prebuiltCycles;
    const report = [
      `${build.name}: ${committed.compiler} (prebuilt), ${built.compiler} (here)`,
      ...(compared.prebuiltCycles > 0 ? [`  cycles of conformance models: ${percent(ratio)}`] : []),
      ...compared.sizes.slice(0, SHOWN).map((line) => `  ${line}`),
      ...(compared.sizes.length > SHOWN ? [`  and ${compared.sizes.length - SHOWN} more`] : []),
    ].join('\n');
    console.log(report);
    expect(compared.wrongLogits).toEqual([]);
    expect(compared.prebuiltFails, 'wrong in the prebuilt image: run `npm run build:kernels`').toEqual([]);
    expect(Math.abs(ratio - 1), report).toBeLessThan(CYCLES_BOUND);
    if (built.compiler === committed.compiler) {
      expect.fail(
        `${report}\nThe sources have changed since it was built: run \`npm run build:kernels\` and commit what it writes.`,
      );
    }
  });
});
