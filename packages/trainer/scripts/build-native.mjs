// Compiles the engine's Node-API addon with the system's C compiler (CC, else cc, gcc, clang): build/Release/engine.node for this
// clone and a copy in prebuilds/<platform>-<arch>/ for the published package.
// Never fails the build: without a working compiler the engine runs as WebAssembly, and one line says so.
// Another platform's prebuilt addon: CC=aarch64-linux-gnu-gcc node scripts/build-native.mjs --target linux-arm64
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { engineHeaders, packageRoot, writeEngineHeaders } from './engine-headers.mjs';
import { engineVariants } from './engine-variants.mjs';
import { hashInputs, isCurrent, writeStamp } from './input-hash.mjs';

const require = createRequire(import.meta.url);
const native = join(packageRoot, 'native');
const here = `${process.platform}-${process.arch}`;
const { target } = parseArgs({ options: { target: { type: 'string', default: here } } }).values;
const [platform, arch] = target.split('-');
const release = join(packageRoot, 'build', 'Release', 'engine.node');
// node-gyp-build reads what an addon needs from its name
const prebuilt = join(packageRoot, 'prebuilds', target, platform === 'linux' ? 'engine.glibc.node' : 'engine.node');
const output = target === here ? release : prebuilt;
const stamp = join(packageRoot, 'build', `native-${target}.sha256`);

const COMMON = [
  ...['-O3', '-std=gnu11', '-fPIC', '-fvisibility=hidden', '-pthread'],
  // results must not depend on what a compiler fuses
  ...['-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math'],
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

async function compile({ command, leading }, args) {
  try {
    await promisify(execFile)(command, [...leading, ...args], { encoding: 'utf8' });
  } catch (error) {
    throw new Error((error.stderr || String(error)).trim().split('\n').slice(0, 8).join('\n'));
  }
}

function copyAtomically(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, `${to}.${process.pid}`);
  renameSync(`${to}.${process.pid}`, to);
}

async function build() {
  if (platform === 'win32' && !process.env.CC) throw new Error('Windows takes prebuilt addons only');
  const compiler = findCompiler();
  const hash = hashInputs(
    [native, import.meta.filename],
    compiler.version,
    target,
    ...Object.values(engineHeaders()),
    JSON.stringify(engineVariants(arch)),
  );
  if (!isCurrent(output, stamp, hash)) {
    const headers = dirname(require.resolve('node-api-headers/include/node_api.h'));
    const objects = join(packageRoot, 'build', 'objects', target);
    mkdirSync(objects, { recursive: true });
    mkdirSync(dirname(output), { recursive: true });
    const include = [`-I${writeEngineHeaders()}`, `-I${native}`, `-I${headers}`];
    const variants = engineVariants(arch);
    const interpreter = join(native, 'interpreter.c');
    const compiled = await Promise.all(
      variants.map(async ({ name, flags }) => {
        const object = join(objects, `interpreter-${name}.o`);
        await compile(compiler, ['-c', ...COMMON, ...flags, ...include, interpreter, '-o', object]);
        return object;
      }),
    );
    const link = platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
    const defines = arch === 'x64' ? ['-DENGINE_X64'] : [];
    const sources = [join(native, 'addon.c'), join(native, 'thread-pool.c')];
    const temporary = `${output}.${process.pid}`;
    await compile(compiler, [...COMMON, ...defines, ...link, ...include, ...sources, ...compiled, '-o', temporary]);
    // a process that has the old file loaded keeps it
    renameSync(temporary, output);
    writeStamp(stamp, hash);
    console.log(
      `engine: built ${variants.map((variant) => variant.name).join(', ')} for ${target} with ${compiler.version}`,
    );
  }
  if (output !== prebuilt) copyAtomically(output, prebuilt);
}

try {
  await build();
} catch (error) {
  if (target !== here) throw error;
  // an addon of older sources would read programs wrongly
  for (const stale of [release, prebuilt]) if (existsSync(stale)) rmSync(stale);
  console.log(`engine: no native addon, training will use WebAssembly: ${error.message}`);
}
