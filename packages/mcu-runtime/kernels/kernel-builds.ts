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

/** Room for any model; sizes are compared with the part's own afterwards. */
const LINKED_FLASH_BYTES = 1024 * 1024;
const LINKED_RAM_BYTES = 1024 * 1024;

const { root, include, files } = runtimeSources();
const folder = join(root, '..', 'kernels');
const dispatcher = join(root, 'src', 'bnm_run.c');
const headers = ['bnm.h', 'bnm_image.h', 'bnm_memory.h'].map((name) => join(root, 'include', name));

function ch32v(target: Target, variant: string, extra: { readonly flags: readonly string[] }): KernelBuild {
  const memory = {
    flash_base: target.flash.base,
    flash_size: LINKED_FLASH_BYTES,
    ram_base: target.ram.base,
    ram_size: LINKED_RAM_BYTES,
  };
  const script = join(folder, 'ch32v', 'ch32v.ld');
  return {
    name: `${target.name}-${variant}`,
    compiler: 'riscv64-unknown-elf',
    elfMachine: 'riscv',
    flags: [...target.compilerFlags, ...extra.flags],
    linkerFlags: [
      `-Wl,-T,${script}`,
      ...Object.entries(memory).map(([name, value]) => `-Wl,--defsym=__${name}=${value}`),
      '-Wl,--no-warn-rwx-segments',
    ],
    include,
    sources: [join(folder, 'ch32v', 'start.S'), ...files],
    otherInputs: [script, ...headers],
    dispatcher,
  };
}

export const KERNEL_BUILDS: readonly KernelBuild[] = [
  ch32v(TARGETS.ch32v003, 'plain', { flags: ['-Os'] }),
  ch32v(TARGETS.ch32v002, 'plain', { flags: ['-Os'] }),
];
