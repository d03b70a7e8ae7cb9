import { configDefaults, defineConfig } from 'vitest/config';

/** Long tests run where one of them is named (`vitest run src/sim.long.test.ts`), or all: `vitest run .long.test.` (`npm run test:long`). */
const wantsLong = process.argv.slice(2).some((argument) => argument.includes('.long'));

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(wantsLong ? [] : ['**/*.long.test.*'])],
    passWithNoTests: true,
    // Generous: tests that compile or simulate must not fail because a machine is busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests that call compilers or the built command take their time; only the slowest are worth a line.
    slowTestThreshold: 5000,
    // Two cores: more workers only compete with the compilers that some tests call.
    maxWorkers: 2,
    // The JSON report is what CI counts; people read the other one.
    reporters: ['default', ['json', { outputFile: `.cache/test-results${wantsLong ? '-long' : ''}.json` }]],
  },
});

/** For packages whose tests share no state: a worker loads the package once, not once for each file. That is a quarter of the time. */
export const sharedModules = { test: { isolate: false } };
