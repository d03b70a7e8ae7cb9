// Espressif ESP32-C3: RV32IMC, with weights in flash behind a cache.
import { RISCV_CODE, riscvCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';
import { ESP32C3_TIMING } from '../riscv-timing.js';

export const esp32c3 = {
  name: 'esp32c3',
  description: 'Espressif ESP32-C3: RV32IMC, 160 MHz, 4 MB flash (module), 400 kB RAM',
  sources: ['ESP32-C3 data sheet and technical reference manual (Espressif)'],
  core: { kind: 'riscv', registers: 32, multiply: 'full', atomics: false, timing: ESP32C3_TIMING },
  clockHz: 160_000_000,
  flash: { base: 0x4200_0000, size: 4 * 1024 * 1024, waitStates: 0 },
  ram: { base: 0x3fc8_0000, size: 400 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: riscvCompiler(['-march=rv32imc', '-mabi=ilp32']),
  kernels: WITH_MULTIPLIER,
  code: RISCV_CODE,
} as const satisfies Part;
