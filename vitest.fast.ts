// `npm run test:fast`: the tests of all packages that answer within a minute, in one process. `npm test` runs these and the rest.
// Left out is what compiles, simulates, trains at length, or runs the built command; and, as there, `*.long.test.ts`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

/** By project: folders of tests, and single files, that take longer. */
const LONG: Readonly<Record<string, readonly string[]>> = {
  'packages/quant': ['src/clipping/octav.test.ts', 'src/c-agreement.test.ts'],
  'packages/models': [
    'src/conformance/',
    'src/files/bnm.test.ts',
    'src/files/folder-lock.test.ts',
    'src/zoo/zoo.test.ts',
  ],
  'packages/trainer': [
    'src/engine/gradients.test.ts',
    'src/engine/tfjs/',
    'src/training/kill.test.ts',
    'src/memory.test.ts',
  ],
  // The unit tests stand beside the code; test/ compiles and simulates.
  'packages/mcu-runtime': ['test/'],
  'packages/exporter': [
    'src/calibration/',
    'src/firmware/',
    'src/node/',
    'src/c/c-text.test.ts',
    'src/bitnetmcu/header-twin.test.ts',
    'src/bitnetmcu/peer-models.test.ts',
    'src/unknown-members.test.ts',
    'src/onnx/import/keras-graphs.test.ts',
    'src/quantize/static/overflow.test.ts',
  ],
  'packages/studies': [
    'src/queue/',
    'src/search/',
    'src/runners/',
    'src/run/run-executor.test.ts',
    'src/run/reordered-integers.test.ts',
  ],
  // Those in folders test functions, these the command.
  'packages/cli': ['src/*.test.ts', 'src/serial/'],
};

/** What vitest excludes: a folder with all that it holds, or files. */
function excluded(project: string, path: string): string {
  if (!path.includes('*') && !existsSync(join(import.meta.dirname, project, path))) {
    throw new Error(
      `vitest.fast.ts: there is no ${project}/${path}; its name has changed, or it is to be taken off the list`,
    );
  }
  return path.endsWith('/') ? `${path}**` : path;
}

export default defineConfig({
  test: {
    // Short tests wait more for the loading of files than for each other's compilers.
    maxWorkers: 2,
    projects: Object.entries(LONG).map(([project, long]) => ({
      extends: existsSync(join(import.meta.dirname, project, 'vitest.config.ts'))
        ? `./${project}/vitest.config.ts`
        : `./${project}/vitest.config.mjs`,
      root: `./${project}`,
      test: {
        name: project.replace('packages/', ''),
        exclude: [...configDefaults.exclude, '**/*.long.test.ts', ...long.map((path) => excluded(project, path))],
      },
    })),
  },
});
