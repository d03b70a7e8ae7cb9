// GigaDevice GD32VF103: RV32IMAC on a Bumblebee core of Nuclei.
import { RISCV_CODE, riscvCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';
import { BUMBLEBEE_TIMING } from '../riscv-timing.js';

export const gd32vf103 = {
  name: 'gd32vf103',
  description: 'GigaDevice GD32VF103CB: Bumblebee, RV32IMAC, 108 MHz, 128 kB flash, 32 kB RAM',
  sources: ['GD32VF103 data sheet (GigaDevice)', 'Bumblebee core data sheet (Nuclei)'],
  core: { kind: 'riscv', registers: 32, multiply: 'full', atomics: true, timing: BUMBLEBEE_TIMING },
  clockHz: 108_000_000,
  flash: { base: 0x0800_0000, size: 128 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 32 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: riscvCompiler(['-march=rv32imac', '-mabi=ilp32']),
  // The compiler and its flags are those of the CH32V203, and so are the kernels.
  kernels: { ...WITH_MULTIPLIER, imagesOf: 'ch32v203' },
  code: RISCV_CODE,
} as const satisfies Part;
