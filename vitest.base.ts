import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    passWithNoTests: true,
    // Generous: tests that compile or simulate must not fail because a machine is busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Tests that call compilers or the built command take their time; only the slowest are worth a line.
    slowTestThreshold: 5000,
    // Two cores: more workers only compete with the compilers that some tests call.
    maxWorkers: 2,
    // The JSON report is what CI counts; people read the other one.
    reporters: ['default', ['json', { outputFile: '.cache/test-results.json' }]],
  },
});
