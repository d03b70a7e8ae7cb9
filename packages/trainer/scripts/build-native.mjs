// Compiles the engine's Node-API addon with the system's C compiler (CC, else cc, gcc, clang) to build/Release/engine.node.
// Never fails the build: without a working compiler the engine runs as WebAssembly, and one line says so.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hashInputs, isCurrent, writeStamp } from './input-hash.mjs';
import { packageRoot, writeOpsHeader } from './ops-header.mjs';

const require = createRequire(import.meta.url);
const native = join(packageRoot, 'native');
const release = join(packageRoot, 'build', 'Release');
const output = join(release, 'engine.node');
const stamp = join(packageRoot, 'build', 'native.sha256');

const X64_VARIANTS = [
  {
    name: 'avx512',
    flags: ['-mavx512f', '-mavx512bw', '-mavx512dq', '-mavx512vl', '-mfma', '-mprefer-vector-width=512'],
  },
  { name: 'avx2', flags: ['-mavx2', '-mfma'] },
];
const COMMON = [
  '-O3',
  '-std=gnu11',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-pthread',
];

/** The first compiler that answers, as a command and its leading arguments. */
function findCompiler() {
  const candidates = process.env.CC ? [process.env.CC] : ['cc', 'gcc', 'clang'];
  for (const candidate of candidates) {
    const [command, ...leading] = candidate.split(/\s+/);
    const probe = spawnSync(command, [...leading, '--version'], { encoding: 'utf8' });
    if (probe.status === 0) return { command, leading, version: probe.stdout.split('\n')[0] };
  }
  throw new Error(`no C compiler found (tried ${candidates.join(', ')})`);
}

function compile({ command, leading }, args) {
  const result = spawnSync(command, [...leading, ...args], { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error((result.stderr || String(result.error)).trim().split('\n').slice(0, 8).join('\n'));
}

function build() {
  if (process.platform === 'win32' && !process.env.CC) throw new Error('Windows takes prebuilt addons only');
  const compiler = findCompiler();
  const hash = hashInputs([native, import.meta.filename], compiler.version, process.arch, process.platform);
  if (isCurrent(output, stamp, hash)) return;
  const headers = dirname(require.resolve('node-api-headers/include/node_api.h'));
  const objects = join(packageRoot, 'build', 'objects');
  mkdirSync(objects, { recursive: true });
  mkdirSync(release, { recursive: true });
  const include = [`-I${dirname(writeOpsHeader())}`, `-I${headers}`];
  const x64 = process.arch === 'x64';
  const variants = [...(x64 ? X64_VARIANTS : []), { name: 'baseline', flags: [] }];
  const compiled = variants.map(({ name, flags }) => {
    const object = join(objects, `interpreter-${name}.o`);
    compile(compiler, [
      '-c',
      ...COMMON,
      ...flags,
      ...include,
      `-DENGINE_VARIANT=${name}`,
      join(native, 'interpreter.c'),
      '-o',
      object,
    ]);
    return object;
  });
  const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const temporary = `${output}.${process.pid}`;
  compile(compiler, [
    ...COMMON,
    ...(x64 ? ['-DENGINE_X64'] : []),
    ...link,
    ...include,
    join(native, 'addon.c'),
    join(native, 'thread-pool.c'),
    ...compiled,
    '-o',
    temporary,
  ]);
  // a process that has the old file loaded keeps it
  renameSync(temporary, output);
  writeStamp(stamp, hash);
  console.log(`engine: built ${variants.map((variant) => variant.name).join(', ')} with ${compiler.version}`);
}

try {
  build();
} catch (error) {
  // an addon of older sources would read programs wrongly
  if (existsSync(output)) rmSync(output);
  console.log(`engine: no native addon, training will use WebAssembly: ${error.message}`);
}
