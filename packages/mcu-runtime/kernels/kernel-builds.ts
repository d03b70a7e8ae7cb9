// The prebuilt kernel images: which sources are compiled with which flags for which target. One entry an image.
import { join } from 'node:path';
import { runtimeSources } from '../src/node/runtime-sources.js';
import type { ElfMachine } from '../src/sim/elf.js';
import { TARGETS, type Target } from '../src/sim/targets.js';

export interface KernelBuild {
  /** Target and variant: the name of the generated file in src/targets/prebuilt. */
  readonly name: string;
  readonly compiler: string;
  readonly elfMachine: ElfMachine;
  /** Of every file: instruction set, optimization. */
  readonly flags: readonly string[];
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

const { root, include, files } = runtimeSources();
const folder = join(root, '..', 'kernels');
const dispatcher = join(root, 'src', 'bnm_run.c');
const headers = ['bnm.h', 'bnm_image.h', 'bnm_memory.h'].map((name) => join(root, 'include', name));

interface PartBuild {
  /** The part's folder here: start.S and a linker script of the folder's name. */
  readonly part: string;
  readonly toolchain: Pick<KernelBuild, 'compiler' | 'elfMachine' | 'flags'>;
  /** Symbols that the linker script wants, without the leading underscores. */
  readonly memory: Readonly<Record<string, number>>;
}

function partBuild(name: string, { part, toolchain, memory }: PartBuild): KernelBuild {
  const script = join(folder, part, `${part}.ld`);
  return {
    name,
    ...toolchain,
    linkerFlags: [
      `-Wl,-T,${script}`,
      ...Object.entries(memory).map(([symbol, value]) => `-Wl,--defsym=__${symbol}=${value}`),
    ],
    include,
    sources: [join(folder, part, 'start.S'), ...files],
    otherInputs: [script, ...headers],
    dispatcher,
  };
}

function ch32v(target: Target, variant: string, flags: readonly string[]): KernelBuild {
  return partBuild(`${target.name}-${variant}`, {
    part: 'ch32v',
    toolchain: {
      compiler: 'riscv64-unknown-elf',
      elfMachine: 'riscv',
      flags: [...target.compilerFlags, ...flags],
    },
    memory: { flash_base: target.flash.base, flash_size: MIB, ram_base: target.ram.base, ram_size: MIB },
  });
}

export const KERNEL_BUILDS: readonly KernelBuild[] = [
  ch32v(TARGETS.ch32v003, 'plain', ['-Os']),
  ch32v(TARGETS.ch32v002, 'plain', ['-Os']),
  partBuild('rp2040-plain', {
    part: 'rp2040',
    toolchain: { compiler: 'arm-none-eabi', elfMachine: 'arm', flags: ['-mcpu=cortex-m0plus', '-mthumb', '-O2'] },
    memory: { flash_base: 0x1000_0000, flash_size: MIB, ram_base: 0x2000_0000, ram_size: 264 * KIB },
  }),
  partBuild('atmega328p-plain', {
    part: 'atmega328p',
    toolchain: { compiler: 'avr', elfMachine: 'avr', flags: ['-mmcu=atmega328p', '-Os'] },
    memory: { flash_size: 64 * KIB, ram_size: 60 * KIB },
  }),
];
