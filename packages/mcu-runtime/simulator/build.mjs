// Builds the simulator core to WebAssembly with the npm package @yowasp/clang (no system compiler needed) and embeds it as
// base64 in src/generated/simulator-wasm.ts. Does nothing when sources and flags have not changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sourceFolder = join(here, 'src');
const output = join(here, '..', 'src', 'generated', 'simulator-wasm.ts');
const flags = [
  '--target=wasm32',
  '-std=c11',
  '-O3',
  '-nostdlib',
  '-ffreestanding',
  '-mbulk-memory',
  '-Wall',
  '-Wextra',
  '-Werror',
];

const sources = Object.fromEntries(
  readdirSync(sourceFolder)
    .sort()
    .map((name) => [name, readFileSync(join(sourceFolder, name), 'utf8')]),
);
const hash = createHash('sha256')
  .update(JSON.stringify([flags, sources]))
  .digest('hex')
  .slice(0, 16);
const isCurrent = existsSync(output) && readFileSync(output, 'utf8').includes(`sources ${hash}`);

if (!isCurrent) {
  const { runClang } = await import('@yowasp/clang');
  // Loads the compiler without its progress messages.
  await runClang(null, {}, { fetchProgress: () => {} });
  const units = Object.keys(sources).filter((name) => name.endsWith('.c'));
  const files = await runClang(
    ['clang', ...flags, '-Wl,--no-entry,--strip-all,-z,stack-size=16384', ...units, '-o', 'simulator.wasm'],
    sources,
  );
  const wasm = files['simulator.wasm'];
  if (!(wasm instanceof Uint8Array)) throw new Error('the simulator did not compile: see the messages above');
  mkdirSync(dirname(output), { recursive: true });
  const text = `// Written by simulator/build.mjs (sources ${hash}); ${wasm.length} bytes of WebAssembly.\nexport const SIMULATOR_WASM_BASE64 =\n  '${Buffer.from(wasm).toString('base64')}';\n`;
  writeFileSync(`${output}.part`, text);
  renameSync(`${output}.part`, output);
  console.log(`simulator: ${wasm.length} bytes of WebAssembly`);
}
