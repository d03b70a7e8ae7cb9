// Raspberry Pi RP2350 with its other cores: Hazard3, RV32IMAC with bit manipulation. Code and weights run from RAM.
import { RISCV_CODE, riscvCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';
import { HAZARD3_TIMING } from '../riscv-timing.js';

export const rp2350riscv = {
  name: 'rp2350riscv',
  description: 'Raspberry Pi RP2350: Hazard3, RV32IMAC with Zba, Zbb and Zbs, 150 MHz, 4 MB flash (Pico 2), 520 kB RAM',
  sources: ['RP2350 data sheet (Raspberry Pi)'],
  core: {
    ...{ kind: 'riscv', registers: 32, multiply: 'full', atomics: true, bitManipulation: true },
    timing: HAZARD3_TIMING,
  },
  clockHz: 150_000_000,
  // Behind a cache; its misses are not modelled.
  flash: { base: 0x1000_0000, size: 4 * 1024 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 520 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: {
    ...riscvCompiler(['-march=rv32imac_zba_zbb_zbs', '-mabi=ilp32']),
    library: ['-march=rv32imac'],
  },
  kernels: WITH_MULTIPLIER,
  code: RISCV_CODE,
} as const satisfies Part;
