// Compiles the engine to WebAssembly SIMD128 with the npm package @yowasp/clang (no system compiler needed) and embeds it,
// base64, in src/generated/engine-wasm.ts, so that it loads wherever JavaScript does.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineHeaders, packageRoot } from './engine-headers.mjs';
import { hashInputs, isCurrent, writeStamp } from './input-hash.mjs';

const native = join(packageRoot, 'native');
const generated = join(packageRoot, 'src', 'generated');
const output = join(generated, 'engine-wasm.ts');
const stamp = join(packageRoot, 'build', 'wasm.sha256');
const FLAGS = [
  ...[
    '--target=wasm32-unknown-unknown',
    '-O3',
    '-std=gnu11',
    '-ffreestanding',
    '-nostdlib',
    '-ffp-contract=off',
    '-fno-math-errno',
  ],
  ...[
    '-msimd128',
    '-mbulk-memory',
    '-Iinclude',
    '-Inative',
    '-DENGINE_VARIANT=simd128',
    '-DENGINE_INSTRUCTIONS=simd128',
  ],
  ...['-Wl,--no-entry', '-Wl,-z,stack-size=262144', '-Wl,--stack-first'],
];

/** Files for the compiler's virtual file system, as nested plain objects. */
function sources(folder) {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return [entry.name, entry.isDirectory() ? sources(path) : readFileSync(path, 'utf8')];
    }),
  );
}

/** The few C library declarations that the kernels use. */
const STRING_H = `#pragma once
#include <stddef.h>
void *memset(void *, int, size_t);
void *memcpy(void *restrict, const void *restrict, size_t);
`;

const hash = hashInputs([native, import.meta.filename], ...Object.values(engineHeaders()));
if (!isCurrent(output, stamp, hash)) {
  const { runClang } = await import('@yowasp/clang');
  const started = performance.now();
  const files = { native: sources(native), include: { ...engineHeaders(), 'string.h': STRING_H } };
  const result = await runClang(
    ['clang', ...FLAGS, 'native/interpreter.c', 'native/wasm.c', '-o', 'engine.wasm'],
    files,
  );
  const wasm = result['engine.wasm'];
  mkdirSync(generated, { recursive: true });
  const text = `// Made by scripts/build-wasm.mjs from native/: the engine as WebAssembly SIMD128, ${wasm.length} bytes.\nexport const ENGINE_WASM_BASE64 =\n  '${Buffer.from(wasm).toString('base64')}';\n`;
  const temporary = `${output}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, output);
  writeStamp(stamp, hash);
  console.log(
    `engine: built WebAssembly, ${wasm.length} bytes in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
}
