// The one build of every package: ESM + CJS + declarations, no bundled dependency.
import { defineConfig } from 'tsup';

/** A tsup configuration for the entry files of one package. */
export function packageBuild(entry: string[], overrides: Parameters<typeof defineConfig>[0] = {}) {
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    dts: true,
    clean: true,
    sourcemap: true,
    splitting: true,
    shims: true,
    target: 'es2022',
    treeshake: true,
    ...(typeof overrides === 'object' ? overrides : {}),
  });
}
