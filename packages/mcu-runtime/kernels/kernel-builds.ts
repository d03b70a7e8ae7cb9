// The prebuilt kernel images: which sources are compiled with which flags for which target. One entry an image.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runtimeSources } from '../src/node/runtime-sources.js';
import type { ElfMachine } from '../src/sim/elf.js';
import { TARGETS, type Target } from '../src/sim/targets.js';

export interface KernelBuild {
  /** Target and variant: the name of the generated file in src/targets/prebuilt. */
  readonly name: string;
  readonly compiler: string;
  readonly elfMachine: ElfMachine;
  /** Of every file: instruction set, definitions, optimization. */
  readonly flags: readonly string[];
  /** Besides those, of the kernels in c/fast. */
  readonly fastFlags: readonly string[];
  readonly linkerFlags: readonly string[];
  readonly include: readonly string[];
  /** Absolute paths of .c and .S files. */
  readonly sources: readonly string[];
  /** Headers and linker scripts: part of the hash, besides the sources. */
  readonly otherInputs: readonly string[];
  /**
   * The source that calls kernels by the numbers in an image. Its functions refer to every kernel, so these references say
   * nothing about which kernels a model needs.
   */
  readonly dispatcher: string;
}

/** Room for any model where addresses allow it; sizes are compared with the part's own afterwards. */
const MIB = 1024 * 1024;
const KIB = 1024;

const { root } = runtimeSources();
const folder = join(root, '..', 'kernels');
const dispatcher = join(root, 'src', 'bnm_run.c');

interface PartBuild {
  /** Folder with a linker script of the folder's name, and with start.S where `startUp` names no other. */
  readonly part: string;
  readonly startUp?: string;
  readonly toolchain: Pick<KernelBuild, 'compiler' | 'elfMachine' | 'flags'>;
  /** Symbols that the linker script wants, without the leading underscores. */
  readonly memory: Readonly<Record<string, number>>;
}

function partBuild(
  name: string,
  { part, startUp = part, toolchain, memory }: PartBuild,
  sources: 'plain' | 'fast' = 'plain',
): KernelBuild {
  const script = join(part, `${basename(part)}.ld`);
  const { include, files, definitions } = runtimeSources(sources);
  return {
    name,
    ...toolchain,
    flags: [...toolchain.flags, ...definitions.map((definition) => `-D${definition}`)],
    fastFlags: ['-O2'],
    linkerFlags: [
      `-Wl,-T,${script}`,
      ...Object.entries(memory).map(([symbol, value]) => `-Wl,--defsym=__${symbol}=${value}`),
    ],
    include,
    sources: [join(startUp, 'start.S'), join(root, '..', 'firmware', 'memory.c'), ...files],
    otherInputs: [script, ...include.slice(0, sources === 'fast' ? 3 : 2).flatMap(headersIn)],
    dispatcher,
  };
}

function headersIn(path: string): string[] {
  const names = readdirSync(path).filter((name) => name.endsWith('.h'));
  return names.sort().map((name) => join(path, name));
}

function ch32v(target: Target, variant: string, sources: 'plain' | 'fast', kernelsInRam = 0): KernelBuild {
  const build: PartBuild = {
    part: join(root, '..', 'firmware', 'ch32v'),
    startUp: join(root, '..', 'firmware', 'riscv'),
    toolchain: {
      compiler: 'riscv64-unknown-elf',
      elfMachine: 'riscv',
      flags: [...target.compilerFlags, '-Os', `-DBNM_KERNELS_IN_RAM=${kernelsInRam}`],
    },
    memory: { flash_base: target.flash.base, flash_size: MIB, ram_base: target.ram.base, ram_size: MIB },
  };
  return partBuild(`${target.name}-${variant}`, build, sources);
}

const RP2040: PartBuild = {
  part: join(folder, 'rp2040'),
  startUp: join(root, '..', 'firmware', 'arm'),
  toolchain: { compiler: 'arm-none-eabi', elfMachine: 'arm', flags: ['-mcpu=cortex-m0plus', '-mthumb', '-O2'] },
  memory: { flash_base: 0x1000_0000, flash_size: MIB, ram_base: 0x2000_0000, ram_size: 264 * KIB },
};

const ATMEGA328P: PartBuild = {
  part: join(folder, 'atmega328p'),
  toolchain: { compiler: 'avr', elfMachine: 'avr', flags: ['-mmcu=atmega328p', '-Os'] },
  memory: { flash_size: 64 * KIB, ram_size: 60 * KIB },
};

export const KERNEL_BUILDS: readonly KernelBuild[] = [
  ch32v(TARGETS.ch32v003, 'fast', 'fast', 1),
  ch32v(TARGETS.ch32v003, 'fast-flash', 'fast'),
  ch32v(TARGETS.ch32v003, 'plain', 'plain'),
  // 4 kB of RAM: there is room for more than the inner loops.
  ch32v(TARGETS.ch32v002, 'fast', 'fast', 2),
  ch32v(TARGETS.ch32v002, 'fast-loops', 'fast', 1),
  ch32v(TARGETS.ch32v002, 'fast-flash', 'fast'),
  ch32v(TARGETS.ch32v002, 'plain', 'plain'),
  partBuild('rp2040-fast', RP2040, 'fast'),
  partBuild('rp2040-plain', RP2040),
  partBuild('atmega328p-plain', ATMEGA328P),
];
