// Flash of the C runtime at -Os, compiled for three cores: every source alone, and what a call of some functions takes with all that they call.
//   node bench/kernel-sizes.mjs    (after a build, with the cross compilers) prints both and writes results/kernel-sizes.json
// libgcc is not counted.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { linkedSources } from '../dist/internal/node.js';
import { runtimeSources } from '../dist/node.js';

const CORES = {
  RV32EC: ['riscv64-unknown-elf-', '-march=rv32ec', '-mabi=ilp32e', '-ffreestanding'],
  'Cortex-M0+': ['arm-none-eabi-', '-mcpu=cortex-m0plus', '-mthumb', '-ffreestanding'],
  ATmega328P: ['avr-', '-mmcu=atmega328p'],
};
/** Without what it calls: the interpreter can call every kernel. */
const INTERPRETER = 'bnm_run';
const CALLED = [
  'bnm_linear_4bitsym',
  'bnm_shift_norm_relu',
  'bnm_argmax',
  'bnm_conv2d_i8',
  'bnm_conv2d_i32',
  'bnm_max_pool2d_i8',
  'bnm_max_pool2d_i32',
];

const { include, files } = runtimeSources();
const nameOf = (path) => basename(path, '.c');

/** Bytes of code and constants by source. */
function sizesFor([prefix, ...flags]) {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-size-'));
  try {
    const includeFlags = include.map((path) => `-I${path}`);
    execFileSync(`${prefix}gcc`, ['-std=c99', '-Os', ...flags, ...includeFlags, '-c', ...files], { cwd: folder });
    return new Map(files.map((file) => [nameOf(file), sizeOf(prefix, join(folder, `${nameOf(file)}.o`))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeOf(prefix, object) {
  const [, line] = execFileSync(`${prefix}size`, [object], { encoding: 'utf8' }).split('\n');
  const [text, data] = line.trim().split(/\s+/).map(Number);
  return text + data;
}

function versionOf(prefix) {
  return execFileSync(`${prefix}gcc`, ['--version'], { encoding: 'utf8' }).split('\n')[0];
}

const byCore = Object.entries(CORES).map(([core, command]) => [core, sizesFor(command)]);
const row = (count) => Object.fromEntries(byCore.map(([core, sizes]) => [core, count(sizes)]));
const sum = (sizes, names) => names.reduce((total, name) => total + (sizes.get(name) ?? 0), 0);
const withCalled = (name) => linkedSources({ functions: [name], headers: [], variant: 'plain' }).map(nameOf);

const sources = Object.fromEntries(files.map(nameOf).map((name) => [name, row((sizes) => sizes.get(name))]));
const calls = Object.fromEntries(CALLED.map((name) => [name, row((sizes) => sum(sizes, withCalled(name)))]));
const interpreter = sources[INTERPRETER];
const all = row((sizes) => sum(sizes, [...sizes.keys()]));
console.table(sources);
console.table({ ...calls, [INTERPRETER]: interpreter, everything: all });
const compilers = Object.fromEntries(Object.entries(CORES).map(([core, [prefix]]) => [core, versionOf(prefix)]));
const result = { compilers, calls, interpreter, all, sources };
writeFileAtomic(join(import.meta.dirname, 'results', 'kernel-sizes.json'), `${JSON.stringify(result, null, 2)}\n`);
