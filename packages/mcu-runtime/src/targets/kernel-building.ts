// How kernels are built, as pieces of the records of parts: variants, and the compiler of the RISC-V parts.
import type { PartCompiler } from './part.js';

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
