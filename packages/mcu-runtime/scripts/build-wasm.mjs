// Builds the C runtime to WebAssembly with the npm package @yowasp/clang (no system compiler needed) and embeds it as base64
// in src/generated/runtime-wasm.ts. Does nothing when sources and flags have not changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const output = join(packageFolder, 'src', 'generated', 'runtime-wasm.ts');
const flags = [
  '--target=wasm32',
  '-std=c99',
  '-O3',
  '-flto',
  '-msimd128',
  '-mbulk-memory',
  '-nostdlib',
  '-ffreestanding',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Iinclude',
  '-Isrc',
  '-Ihost',
  '-I.',
  '-DBNM_HOST_KERNELS',
];
const linkFlags = '-Wl,--no-entry,--strip-all,--export=__heap_base,-z,stack-size=65536';

const sources = {};
for (const folder of ['include', 'src', 'host', 'wasm']) {
  for (const name of readdirSync(join(packageFolder, 'c', folder)).sort()) {
    sources[`${folder}/${name}`] = readFileSync(join(packageFolder, 'c', folder, name), 'utf8');
  }
}
const hash = createHash('sha256')
  .update(JSON.stringify([flags, linkFlags, sources]))
  .digest('hex')
  .slice(0, 16);
const isCurrent = existsSync(output) && readFileSync(output, 'utf8').includes(`sources ${hash}`);

if (!isCurrent) {
  const { runClang } = await import('@yowasp/clang');
  // A kernel of host/ takes the place of the plain one of the same name.
  const units = Object.keys(sources).filter(
    (path) => path.endsWith('.c') && !(path.startsWith('src/') && path.replace('src/', 'host/') in sources),
  );
  const command = ['clang', ...flags, linkFlags, ...units, '-o', 'runtime.wasm'];
  // The error that runClang throws carries every file; what matters is printed by the compiler already.
  const files = await runClang(command, nested(sources)).catch(() => ({}));
  const wasm = files['runtime.wasm'];
  if (!(wasm instanceof Uint8Array)) {
    console.error('The C runtime did not compile to WebAssembly: see the messages above.');
    process.exit(1);
  }
  mkdirSync(dirname(output), { recursive: true });
  const text = `// Written by scripts/build-wasm.mjs (sources ${hash}); ${wasm.length} bytes of WebAssembly.\nexport const RUNTIME_WASM_BASE64 =\n  '${Buffer.from(wasm).toString('base64')}';\n`;
  writeFileSync(`${output}.part`, text);
  renameSync(`${output}.part`, output);
  console.log(`runtime: ${wasm.length} bytes of WebAssembly`);
}

/** Paths with folders as the nested objects that runClang takes. */
function nested(paths) {
  const tree = {};
  for (const [path, text] of Object.entries(paths)) {
    const [folder, name] = path.split('/');
    tree[folder] ??= {};
    tree[folder][name] = text;
  }
  return tree;
}
