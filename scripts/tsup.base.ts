// The one build of every package: ESM and CommonJS, no bundled dependency. Declarations are scripts/build-types.mjs's.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';

const importMetaShim = fileURLToPath(new URL('cjs-import-meta.js', import.meta.url));

/** A tsup configuration for the entry files of one package. */
export function packageBuild(entry: string[], overrides: Parameters<typeof defineConfig>[0] = {}) {
  return defineConfig({
    entry,
    format: ['esm', 'cjs'],
    dts: false,
    clean: ['!**/*.d.ts', '!**/*.d.cts'],
    sourcemap: true,
    splitting: true,
    esbuildOptions(options, { format }) {
      if (format !== 'cjs') return;
      // tsup's own shim joins "file:" and the path, which fails under folders like "C#" or "50%".
      options.inject = [...(options.inject ?? []), importMetaShim];
      options.define = { ...options.define, 'import.meta.url': 'importMetaUrl' };
    },
    target: 'es2022',
    treeshake: true,
    ...(typeof overrides === 'object' ? overrides : {}),
  });
}
