// The C runtime compiles without a warning for every target, and needs nothing but what the compiler brings.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostCompiler, runtimeSources } from '../src/node.js';
import { missingHostCompiler, skipWhere } from './host-compiler.js';

const WARNINGS = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];

const TARGETS = [
  { name: 'rv32ec', prefix: 'riscv64-unknown-elf-', flags: ['-march=rv32ec', '-mabi=ilp32e', '-ffreestanding'] },
  { name: 'armv6s-m', prefix: 'arm-none-eabi-', flags: ['-mcpu=cortex-m0plus', '-mthumb', '-ffreestanding'] },
  { name: 'AVR', prefix: 'avr-', flags: ['-mmcu=atmega328p'] },
] as const;

/** What GCC itself calls: multiplication, shifts, switch tables, saved registers, start-up of initialized data, and two block functions. */
const COMPILER_HELPERS = [
  /^__u?mul[a-z]*\d+$/,
  /^__mul[shd]i[34]$/,
  /^__(ashl|ashr|lshr)[shd]i3$/,
  /^__gnu_thumb1_case_[a-z]+$/,
  /^__riscv_(save|restore)_\d+$/,
  /^__(tablejump2__|do_copy_data|do_clear_bss|prologue_saves__|epilogue_restores__)$/,
  // Divisions of the features of signals, and the product of raw floats.
  /^__(u?div|u?mod|u?divmod)[shd]i[34]$/,
  /^__aeabi_u?idiv(mod)?$/,
  /^__(mulsf3|aeabi_fmul|fixsfsi|aeabi_f2iz|gesf2|ltsf2|nesf2|unordsf2|aeabi_fcmp[a-z]+)$/,
  /^mem(cpy|set)$/,
];

const { include, files } = runtimeSources();
const includeFlags = include.map((path) => `-I${path}`);
const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Compiles every kernel into a folder of its own. */
function compileAll(compiler: string, flags: readonly string[]): { folder: string; messages: string } {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-objects-'));
  folders.push(folder);
  const { stderr, error } = spawnSync(compiler, [...WARNINGS, ...flags, ...includeFlags, '-c', ...files], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { folder, messages: error ? String(error) : stderr };
}

function missingCompiler(command: string): string | undefined {
  return spawnSync(command, ['--version']).status === 0 ? undefined : `${command} is not installed`;
}

it.skipIf(skipWhere(missingCompiler('avr-gcc')))('kernels for AVR compile without a warning', () => {
  const avr = runtimeSources('avr');
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-objects-'));
  folders.push(folder);
  const flags = ['-mmcu=atmega328p', '-O2', ...avr.definitions.map((name) => `-D${name}`)];
  const paths = avr.include.map((path) => `-I${path}`);
  const { stderr } = spawnSync('avr-gcc', [...WARNINGS, ...flags, ...paths, '-c', ...avr.files], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
});

it.skipIf(skipWhere(missingCompiler('arm-none-eabi-gcc'))).each([
  ['cortex-m4', '-O2'],
  ['cortex-m4', '-O0'],
  ['cortex-m7', '-O2'],
  ['cortex-m33', '-Os'],
  ['cortex-m3', '-O2'],
])('fast kernels for %s at %s compile without a warning, each once', (core, optimization) => {
  const fast = runtimeSources('fast');
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-objects-'));
  folders.push(folder);
  const flags = [`-mcpu=${core}`, '-mthumb', '-ffreestanding', optimization];
  const definitions = fast.definitions.map((name) => `-D${name}`);
  const sources = fast.files.filter((path) => basename(dirname(path)) === 'fast' && path.endsWith('.c'));
  const paths = fast.include.map((path) => `-I${path}`);
  const { stderr } = spawnSync(
    'arm-none-eabi-gcc',
    [...WARNINGS, ...flags, ...definitions, ...paths, '-c', ...sources],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  expect(stderr).toBe('');
  const objects = sources.map((path) => `${basename(path, '.c')}.o`);
  const symbols = execFileSync('arm-none-eabi-nm', ['-A', ...objects], { cwd: folder, encoding: 'utf8' });
  const definers = [...symbols.matchAll(/^(\w+)\.o:\w+ T bnm_mul2_blocks$/gm)].map(([, object]) => object);
  // For the DSP extension, or portable.
  expect(definers).toEqual([core === 'cortex-m3' ? 'bnm_mul2_blocks' : 'bnm_mul2_blocks_dsp']);
  const functions = [...symbols.matchAll(/ T (\w+)$/gm)].map(([, name]) => name);
  expect(functions.length).toBe(new Set(functions).size);
});

it.skipIf(skipWhere(missingHostCompiler))('compiles without a warning for the host', () => {
  const compiler = hostCompiler();
  expect(compiler.kind).toBe('found');
  if (compiler.kind === 'found') expect(compileAll(compiler.command, [...compiler.arguments, '-O2']).messages).toBe('');
});

describe.each(TARGETS)('$name', ({ prefix, flags }) => {
  it.skipIf(skipWhere(missingCompiler(`${prefix}gcc`)))('compiles without a warning and needs no C library', () => {
    const { folder, messages } = compileAll(`${prefix}gcc`, [...flags, '-Os']);
    expect(messages).toBe('');

    const objects = files.map((file) => `${basename(file, '.c')}.o`);
    const symbols = execFileSync(`${prefix}nm`, ['--format=posix', ...objects], { cwd: folder, encoding: 'utf8' })
      .split('\n')
      .map((line) => line.split(' '));
    const ofType = (type: string) => symbols.filter((symbol) => symbol[1] === type).map((symbol) => symbol[0]!);

    // One public function, or one constant table, a file, named as the file.
    const functions = [...ofType('T'), ...ofType('R')];
    // The code books of a format are in one file: bnm_fill_4bitsym_0 and _1 in bnm_fill_4bitsym_coded.c.
    const named = new Set(functions.map((name) => name.replace(/^(bnm_fill_\w+)_\d$/, '$1_coded')));
    expect([...named].sort()).toEqual(files.map((file) => basename(file, '.c')).sort());

    const foreign = [...new Set(ofType('U'))].filter((name) => !functions.includes(name));
    expect(foreign.filter((name) => !COMPILER_HELPERS.some((helper) => helper.test(name)))).toEqual([]);
  });
});
