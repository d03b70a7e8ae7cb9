// What every source of c/ defines, needs and includes, as compilers see it: which files belong to a kernel (src/node/linked-sources.ts).
// Conditions of the preprocessor differ from part to part, so that the table is the union over compilers of all kinds.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import type { LinkTable } from '../src/node/linked-sources.js';
import { runtimeSources } from '../src/node/runtime-sources.js';

export interface LinkCompiler {
  /** Compiler and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly nm: string;
  /** End of the names of the assembly files that it takes. */
  readonly assembly?: string;
}

const RISCV = ['riscv64-unknown-elf-gcc', '-ffreestanding'] as const;

/** One of each condition in the sources. */
export const LINK_COMPILERS: readonly LinkCompiler[] = [
  { command: [...RISCV, '-march=rv32ec', '-mabi=ilp32e'], nm: 'riscv64-unknown-elf-nm', assembly: 'rv32e' },
  { command: [...RISCV, '-march=rv32emc', '-mabi=ilp32e'], nm: 'riscv64-unknown-elf-nm', assembly: 'rv32e' },
  { command: [...RISCV, '-march=rv32imac', '-mabi=ilp32'], nm: 'riscv64-unknown-elf-nm' },
  { command: ['arm-none-eabi-gcc', '-mcpu=cortex-m0plus', '-mthumb'], nm: 'arm-none-eabi-nm', assembly: 'thumb' },
  { command: ['arm-none-eabi-gcc', '-mcpu=cortex-m4', '-mthumb'], nm: 'arm-none-eabi-nm' },
  { command: ['avr-gcc', '-mmcu=atmega328p'], nm: 'avr-nm', assembly: 'avr' },
];

/** Headers that exported models include. */
const PUBLIC_HEADERS = [
  'include/bnm.h',
  'include/bnm_features.h',
  'include/bnm_output.h',
  'include/bnm_raw.h',
  'include/bnm_row.h',
  'include/bnm_stream.h',
  'fast/bnm_fast.h',
];

const { root } = runtimeSources();

interface Entry {
  readonly defines: Set<string>;
  readonly needs: Set<string>;
  readonly includes: Set<string>;
}

/** The table by these compilers. Without optimization nothing is inlined, so that every call shows. */
export function linkTable(compilers: readonly LinkCompiler[]): LinkTable {
  const entries = new Map<string, Entry>();
  const entry = (file: string) => {
    const found = entries.get(file) ?? { defines: new Set(), needs: new Set(), includes: new Set() };
    entries.set(file, found);
    return found;
  };
  for (const header of PUBLIC_HEADERS) entry(header);
  for (const compiler of compilers) {
    const variants = compiler.assembly === 'avr' ? (['plain', 'fast', 'avr'] as const) : (['plain', 'fast'] as const);
    for (const variant of variants) addVariant(compiler, variant, entry);
  }
  return Object.fromEntries(
    [...entries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([file, found]) => [
        file,
        { defines: sorted(found.defines), needs: sorted(found.needs), includes: sorted(found.includes) },
      ]),
  );
}

function sorted(names: ReadonlySet<string>): string[] {
  return [...names].sort();
}

function addVariant(compiler: LinkCompiler, variant: 'plain' | 'fast' | 'avr', entry: (file: string) => Entry): void {
  const { include, files, definitions } = runtimeSources(variant);
  const sources = files.filter(
    (path) => path.endsWith('.c') || (compiler.assembly && path.endsWith(`_${compiler.assembly}.S`)),
  );
  const [command, ...flags] = compiler.command;
  const options = [
    ...flags,
    '-O0',
    ...definitions.map((definition) => `-D${definition}`),
    ...include.map((folder) => `-I${folder}`),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-link-'));
  try {
    mkdirSync(join(folder, 'objects'));
    run(command, [...options, '-MMD', '-c', ...sources], join(folder, 'objects'));
    const fileOf = new Map(sources.map((path) => [basename(path).replace(/\.\w+$/, '.o'), relative(root, path)]));
    for (const name of readdirSync(join(folder, 'objects')).filter((object) => object.endsWith('.d'))) {
      const own = entry(fileOf.get(name.replace(/\.d$/, '.o'))!);
      addIncludes(own, readFileSync(join(folder, 'objects', name), 'utf8'));
    }
    for (const header of PUBLIC_HEADERS) {
      const path = join(root, header);
      addIncludes(entry(header), run(command, [...options, '-MM', '-x', 'c', path], folder), header);
    }
    for (const line of run(compiler.nm, ['-A', '-g', ...fileOf.keys()], join(folder, 'objects')).split('\n')) {
      const [, object, kind, symbol] = /^([^:]+):\s*(?:[0-9a-f]+)?\s+([A-Za-z]) (bnm_\w+)$/.exec(line) ?? [];
      if (object === undefined) continue;
      const own = entry(fileOf.get(object)!);
      (kind === 'U' ? own.needs : own.defines).add(symbol!);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Headers among the prerequisites of a rule for make. */
function addIncludes({ includes }: Entry, rule: string, itself?: string): void {
  for (const path of rule.replace(/\\\n/g, ' ').split(/\s+/)) {
    if (!path.endsWith('.h') || !path.startsWith(root)) continue;
    const header = relative(root, path);
    if (header !== itself) includes.add(header);
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? stderr.slice(0, 2000)}`);
  return stdout;
}
