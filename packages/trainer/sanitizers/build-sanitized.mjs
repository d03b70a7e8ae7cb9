// Compiles the engine's addon with the address and the undefined-behaviour sanitizer, all instruction sets, into a folder of its own.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot, writeEngineHeaders } from '../scripts/engine-headers.mjs';
import { engineVariants } from '../scripts/engine-variants.mjs';

const FLAGS = [
  ...['-O1', '-g1', '-std=gnu11', '-fPIC', '-fvisibility=hidden', '-pthread'],
  ...['-ffp-contract=off', '-fno-math-errno', '-fno-trapping-math'],
  // A float beyond int32 is what an engine of a diverging network has to expect: it is converted as the processor does it.
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
];

function run(command, args) {
  const { status, stderr, stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error ?? stderr}`);
  return stdout.trim();
}

/** @returns the folder for node-gyp-build, and the runtimes that must be loaded before Node itself */
export function buildSanitized(folder, compiler = process.env.CC ?? 'cc') {
  const native = join(packageRoot, 'native');
  const headers = dirname(createRequire(import.meta.url).resolve('node-api-headers/include/node_api.h'));
  const include = [`-I${writeEngineHeaders()}`, `-I${native}`, `-I${headers}`];
  const release = join(folder, 'build', 'Release');
  mkdirSync(release, { recursive: true });
  writeFileSync(join(folder, 'package.json'), readFileSync(join(packageRoot, 'package.json')));
  const objects = engineVariants(process.arch).map(({ name, flags }) => {
    const object = join(folder, `${name}.o`);
    run(compiler, ['-c', ...FLAGS, ...flags, ...include, join(native, 'interpreter.c'), '-o', object]);
    return object;
  });
  const sources = [join(native, 'addon.c'), join(native, 'thread-pool.c')];
  const defines = process.arch === 'x64' ? ['-DENGINE_X64'] : [];
  run(compiler, [
    ...FLAGS,
    ...defines,
    '-shared',
    ...include,
    ...sources,
    ...objects,
    '-o',
    join(release, 'engine.node'),
  ]);
  const preload = ['libasan.so', 'libubsan.so'].map((name) => run(compiler, [`-print-file-name=${name}`])).join(':');
  return { folder, preload };
}
