// How kernels are built, as pieces of the records of parts: variants, and the compiler of the RISC-V parts.
import type { PartCode, PartCompiler, PartKernels } from './part.js';

/** Fast kernels, those of c/fast compiled for speed. */
export const FAST = { sources: 'fast', hot: 'fast' } as const;
/** Fast kernels, compiled for size. */
export const FAST_SIZE = { sources: 'fast', hot: 'none' } as const;
/** Fast kernels for AVR parts with a multiplier, those of c/avr compiled for speed. */
export const AVR = { layout: 'avr', sources: 'avr', hot: 'fast' } as const;
/** Portable C. */
export const PLAIN = { name: 'plain', layout: 'plain', sources: 'plain', hot: 'none' } as const;
/** Ends the descriptions of variants with `lto`. */
export const LTO = 'compiled and linked for size (link-time optimization)';

/** What gives the smallest programs with GCC 12: the last three together save 50 bytes of the 12 kB network's firmware. */
const SMALLEST = [
  ...['-Os', '-msave-restore'],
  ...['-fno-tree-loop-im', '-fno-inline-functions-called-once', '-fno-expensive-optimizations'],
] as const;

/** Of a RISC-V part. @param size flags besides those that make all such programs small */
export function riscvCompiler(instructionSet: readonly string[], size: readonly string[] = []): PartCompiler {
  return {
    toolchain: 'riscv64-unknown-elf',
    machine: 'riscv',
    instructionSet,
    // Strings and int8 arrays need not begin with a word.
    flags: ['-malign-data=natural'],
    size: [...SMALLEST, ...size],
    speed: ['-O2'],
  };
}

/** Of a Cortex-M whose code runs from flash. */
export function cortexMCompiler(instructionSet: readonly string[]): PartCompiler {
  return {
    toolchain: 'arm-none-eabi',
    machine: 'arm',
    instructionSet,
    flags: [],
    size: ['-Os'],
    speed: ['-O2'],
  };
}

/** Of parts with a multiplier whose RAM is no faster than their flash. */
export const WITH_MULTIPLIER: PartKernels = {
  variants: [
    { name: 'fast', description: 'fast kernels, -O2', layout: 'mul', ...FAST },
    { ...PLAIN, description: 'portable C, -Os' },
  ],
  onRequest: [
    {
      name: 'fast-coded',
      description: 'fast kernels, but layers that prefix codes make much smaller coded',
      layout: 'mul-coded',
      ...FAST,
    },
    { name: 'coded', description: 'coded weights of linear layers', layout: 'coded', ...FAST },
  ],
};

/** What models with raw values have besides on Cortex-M parts without a board, from what the RP2040's show. */
export const CORTEX_M_CODE: PartCode = {
  frame: { flash: 0, ram: 0 },
  raw: {
    rows: { flash: 1820, ram: 32 },
    stream: { flash: 450, ram: 0 },
    float: { flash: 1700, ram: 0 },
  },
};

/** The same on RISC-V parts, from what the CH32V203's show. */
export const RISCV_CODE: PartCode = {
  frame: { flash: 0, ram: 0 },
  raw: {
    rows: { flash: 1350, ram: 32 },
    stream: { flash: 410, ram: 0 },
    float: { flash: 2060, ram: 0 },
  },
};
