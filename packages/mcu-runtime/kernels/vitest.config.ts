// The check of the prebuilt kernel images, apart from the tests: it needs every cross compiler.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['kernels/*.check.ts'], testTimeout: 300_000, maxWorkers: 2 },
});
