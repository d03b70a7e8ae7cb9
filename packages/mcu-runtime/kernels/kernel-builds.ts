// The builds of the prebuilt kernel images, from the table of kernel variants.
import { basename, join } from 'node:path';
import { runtimeSources } from '../src/node/runtime-sources.js';
import type { ElfMachine } from '../src/sim/elf.js';
import { TARGETS, type Target } from '../src/sim/targets.js';
import {
  type KernelVariant,
  kernelVariants,
  PART_KERNELS,
  type PartCompiler,
  type PartName,
} from '../src/targets/kernel-variants.js';

export interface KernelBuild {
  /** Target and variant: the name of the generated file in src/targets/prebuilt. */
  readonly name: string;
  readonly compiler: string;
  readonly elfMachine: ElfMachine;
  /** Of every file: instruction set, definitions. */
  readonly flags: readonly string[];
  /** Besides those, of all files but the hot ones, and of these. */
  readonly sizeFlags: readonly string[];
  readonly speedFlags: readonly string[];
  readonly hot: KernelVariant['hot'];
  readonly linkerFlags: readonly string[];
  readonly include: readonly string[];
  /** Absolute paths of .c and .S files. */
  readonly sources: readonly string[];
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
  /** Symbols that the linker script wants, without the leading underscores. */
  readonly memory: Readonly<Record<string, number>>;
}

const firmware = join(root, '..', 'firmware');

function ch32v({ flash, ram }: Target): PartBuild {
  const memory = { flash_base: flash.base, flash_size: MIB, ram_base: ram.base, ram_size: MIB };
  return { part: join(firmware, 'ch32v'), startUp: join(firmware, 'riscv'), memory };
}

const PARTS: Readonly<Record<PartName, PartBuild>> = {
  ch32v003: ch32v(TARGETS.ch32v003),
  ch32v002: ch32v(TARGETS.ch32v002),
  rp2040: {
    part: join(folder, 'rp2040'),
    startUp: join(firmware, 'arm'),
    memory: { flash_base: 0x1000_0000, flash_size: MIB, ram_base: 0x2000_0000, ram_size: 264 * KIB },
  },
  atmega328p: { part: join(folder, 'atmega328p'), memory: { flash_size: 64 * KIB, ram_size: 60 * KIB } },
};

/** The image of a variant: its kernels compiled as in firmware. */
function kernelBuild(name: PartName, { image, sources, inRam, hot }: KernelVariant): KernelBuild {
  const { part, startUp = part, memory } = PARTS[name];
  const { toolchain, machine, flags, size, speed }: PartCompiler = PART_KERNELS[name].compiler;
  const script = join(part, `${basename(part)}.ld`);
  const { include, files, definitions } = runtimeSources(sources);
  const placement = inRam === undefined ? [] : [`-DBNM_KERNELS_IN_RAM=${inRam}`];
  return {
    name: image,
    compiler: toolchain,
    elfMachine: machine,
    flags: [...flags, ...placement, ...definitions.map((definition) => `-D${definition}`)],
    sizeFlags: size,
    speedFlags: speed,
    hot,
    linkerFlags: [
      `-Wl,-T,${script}`,
      ...Object.entries(memory).map(([symbol, value]) => `-Wl,--defsym=__${symbol}=${value}`),
    ],
    include,
    sources: [join(startUp, 'start.S'), join(firmware, 'memory.c'), ...files],
    dispatcher,
  };
}

const all = (Object.keys(PART_KERNELS) as PartName[]).flatMap((part) =>
  kernelVariants(part).map((variant) => kernelBuild(part, variant)),
);

/** One build an image: variants that differ in the layout of weights only share theirs. */
export const KERNEL_BUILDS: readonly KernelBuild[] = [...new Map(all.map((build) => [build.name, build])).values()];
