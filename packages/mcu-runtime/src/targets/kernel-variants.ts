// The one table of kernels for the simulated parts: which weight layout, which sources, what runs from RAM, and how the compiler is
// called. Firmware is built from it, prebuilt kernel images for simulations without a compiler are built from it, and both take the first
// variant with which a model fits as the default.
import type { LayoutName } from '../layout/layouts.js';
import type { ElfMachine } from '../sim/elf.js';
import { TARGETS } from '../sim/targets.js';
import type { KernelImageName } from './kernel-images.js';

/** Kernels of a part in one build. */
export interface KernelVariant {
  readonly name: string;
  /** One sentence for tables. */
  readonly description: string;
  /** How the model's weights lie in flash, and so which kernels it calls. */
  readonly layout: LayoutName;
  /** `fast`: kernels of c/fast besides those of c/src. */
  readonly sources: 'plain' | 'fast';
  /** BNM_KERNELS_IN_RAM: 1 inner loops, 2 also what runs once for each input or output. */
  readonly inRam?: 1 | 2;
  /** Files that are compiled for speed: those of c/fast, or none. */
  readonly hot: 'fast' | 'none';
  /**
   * Link-time optimization: some 2 % of flash less, for models that fit in no other way. It makes kernels of each model's own, so that
   * cycles on the prebuilt image, which is built without it, are off by up to 5 %.
   */
  readonly lto?: true;
  /** The prebuilt image with these kernels. */
  readonly image: KernelImageName;
}

/** How programs for a part are compiled. */
export interface PartCompiler {
  /** Prefix of the toolchain: `<prefix>-gcc`. */
  readonly toolchain: string;
  readonly machine: ElfMachine;
  /** Instruction set. */
  readonly flags: readonly string[];
  /** Of all files but the hot ones. */
  readonly size: readonly string[];
  /** Of the hot ones. */
  readonly speed: readonly string[];
}

export interface PartKernels {
  readonly compiler: PartCompiler;
  /** Fastest first. */
  readonly variants: readonly [KernelVariant, ...KernelVariant[]];
  /** Further ones that are never the default. */
  readonly onRequest?: readonly KernelVariant[];
}

/** What gives the smallest programs with GCC 12: the last three together save 50 bytes of the 12 kB network's firmware. */
const SMALLEST = [
  ...['-Os', '-msave-restore'],
  ...['-fno-tree-loop-im', '-fno-inline-functions-called-once', '-fno-expensive-optimizations'],
] as const;

function riscv(flags: readonly string[], size: readonly string[] = []): PartCompiler {
  return {
    toolchain: 'riscv64-unknown-elf',
    machine: 'riscv',
    // Strings and int8 arrays need not begin with a word.
    flags: [...flags, '-malign-data=natural'],
    size: [...SMALLEST, ...size],
    speed: ['-O2'],
  };
}

const FAST = { sources: 'fast', hot: 'fast' } as const;
const FAST_SIZE = { sources: 'fast', hot: 'none' } as const;
const PLAIN = { name: 'plain', layout: 'plain', sources: 'plain', hot: 'none' } as const;
const LTO = 'compiled and linked for size (link-time optimization)';

export const PART_KERNELS = {
  // 2 kB of RAM: what runs from there gains 3 % and takes 600 bytes, so that it is asked for by name.
  ch32v003: {
    compiler: riscv(TARGETS.ch32v003.compilerFlags),
    variants: [
      {
        name: 'fast-flash',
        description: 'fast kernels, all in flash',
        layout: 'nomul',
        ...FAST,
        image: 'ch32v003-fast-flash',
      },
      {
        name: 'fast-flash-size',
        description: 'the same, compiled for size',
        layout: 'nomul',
        ...FAST_SIZE,
        image: 'ch32v003-fast-size',
      },
      {
        name: 'fast-flash-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul',
        ...FAST_SIZE,
        lto: true,
        image: 'ch32v003-fast-size',
      },
      {
        name: 'fast-small',
        description: 'fast kernels of one family for linear layers, for little flash',
        layout: 'nomul-small',
        ...FAST,
        image: 'ch32v003-fast-flash',
      },
      {
        name: 'fast-small-size',
        description: 'the same, compiled for size',
        layout: 'nomul-small',
        ...FAST_SIZE,
        image: 'ch32v003-fast-size',
      },
      {
        name: 'fast-small-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul-small',
        ...FAST_SIZE,
        lto: true,
        image: 'ch32v003-fast-size',
      },
      {
        name: 'fast-conv-flash',
        description: 'fast kernels for convolutions, plain ones for linear layers, all in flash',
        layout: 'nomul-conv',
        ...FAST,
        image: 'ch32v003-fast-flash',
      },
      {
        name: 'fast-conv-lto',
        description: `the same, ${LTO}`,
        layout: 'nomul-conv',
        ...FAST_SIZE,
        lto: true,
        image: 'ch32v003-fast-size',
      },
      { ...PLAIN, description: 'portable C, -Os, all in flash', image: 'ch32v003-plain' },
      { ...PLAIN, name: 'plain-lto', description: `the same, ${LTO}`, lto: true, image: 'ch32v003-plain' },
    ],
    onRequest: [
      {
        name: 'fast',
        description: 'fast kernels, inner loops in RAM',
        layout: 'nomul',
        ...FAST,
        inRam: 1,
        image: 'ch32v003-fast',
      },
    ],
  },
  ch32v002: {
    // The last two save 40 bytes where there is a multiplier, and nothing where there is none.
    compiler: riscv(TARGETS.ch32v002.compilerFlags, ['-fno-caller-saves', '-fno-guess-branch-probability']),
    variants: [
      // 4 kB of RAM: there is room for more than the inner loops.
      {
        name: 'fast',
        description: 'fast kernels, inner loops and what surrounds them in RAM',
        layout: 'mul',
        ...FAST,
        inRam: 2,
        image: 'ch32v002-fast',
      },
      {
        name: 'fast-loops',
        description: 'fast kernels, only inner loops in RAM',
        layout: 'mul',
        ...FAST,
        inRam: 1,
        image: 'ch32v002-fast-loops',
      },
      {
        name: 'fast-small',
        description: 'fast kernels of one family for linear layers, for little flash; inner loops in RAM',
        layout: 'mul-small',
        ...FAST,
        inRam: 1,
        image: 'ch32v002-fast-loops',
      },
      {
        name: 'fast-loops-lto',
        description: `fast kernels, inner loops in RAM, ${LTO}`,
        layout: 'mul',
        ...FAST_SIZE,
        inRam: 1,
        lto: true,
        image: 'ch32v002-fast-loops-size',
      },
      {
        name: 'fast-flash',
        description: 'fast kernels, all in flash',
        layout: 'mul',
        ...FAST,
        image: 'ch32v002-fast-flash',
      },
      {
        name: 'fast-small-flash',
        description: 'fast kernels of one family for linear layers, all in flash',
        layout: 'mul-small',
        ...FAST,
        image: 'ch32v002-fast-flash',
      },
      {
        name: 'fast-small-lto',
        description: `the same, ${LTO}`,
        layout: 'mul-small',
        ...FAST_SIZE,
        lto: true,
        image: 'ch32v002-fast-size',
      },
      {
        name: 'fast-conv',
        description: 'fast kernels for convolutions, inner loops in RAM, plain ones for linear layers',
        layout: 'mul-conv',
        ...FAST,
        inRam: 1,
        image: 'ch32v002-fast-loops',
      },
      {
        name: 'fast-conv-flash',
        description: 'fast kernels for convolutions, plain ones for linear layers, all in flash',
        layout: 'mul-conv',
        ...FAST,
        image: 'ch32v002-fast-flash',
      },
      {
        name: 'fast-conv-lto',
        description: `the same, ${LTO}`,
        layout: 'mul-conv',
        ...FAST_SIZE,
        lto: true,
        image: 'ch32v002-fast-size',
      },
      { ...PLAIN, description: 'portable C, -Os, all in flash', image: 'ch32v002-plain' },
      { ...PLAIN, name: 'plain-lto', description: `the same, ${LTO}`, lto: true, image: 'ch32v002-plain' },
    ],
  },
  rp2040: {
    compiler: {
      toolchain: 'arm-none-eabi',
      machine: 'arm',
      flags: ['-mcpu=cortex-m0plus', '-mthumb'],
      // Code runs from 264 kB of RAM.
      size: ['-O2'],
      speed: ['-O2'],
    },
    variants: [
      { name: 'fast', description: 'fast kernels, -O2, in RAM', layout: 'mul', ...FAST, image: 'rp2040-fast' },
      { ...PLAIN, description: 'portable C, -O2, in RAM', image: 'rp2040-plain' },
    ],
  },
  atmega328p: {
    compiler: { toolchain: 'avr', machine: 'avr', flags: ['-mmcu=atmega328p'], size: ['-Os'], speed: ['-Os'] },
    variants: [
      // With -O2 convolutions gain 15 %, 2-bit linear layers lose 10 %.
      { ...PLAIN, description: 'portable C, -Os', image: 'atmega328p-plain' },
    ],
  },
} as const satisfies Record<string, PartKernels>;

export type PartName = keyof typeof PART_KERNELS;

/** All variants of a part, those that are the default of no model last. */
export function kernelVariants(part: PartName): readonly KernelVariant[] {
  const { variants, onRequest }: PartKernels = PART_KERNELS[part];
  return [...variants, ...(onRequest ?? [])];
}
