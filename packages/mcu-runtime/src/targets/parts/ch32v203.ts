// WCH CH32V203C8T6: RV32IMAC at 144 MHz; the flash that this record names is read without wait states.
import { riscvCompiler, WITH_MULTIPLIER } from '../kernel-building.js';
import type { Part } from '../part.js';
import { QINGKE_V4_TIMING } from '../riscv-timing.js';

export const ch32v203 = {
  name: 'ch32v203',
  description: 'WCH CH32V203C8T6: QingKe V4B, RV32IMAC, 144 MHz, 64 kB flash, 20 kB RAM',
  sources: ['CH32V203 data sheet, CH32FV2x_V3x reference manual (WCH)', 'QingKe V4 processor manual (WCH)'],
  core: { kind: 'riscv', registers: 32, multiply: 'full', atomics: true, timing: QINGKE_V4_TIMING },
  clockHz: 144_000_000,
  flash: { base: 0x0800_0000, size: 64 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 20 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: riscvCompiler(['-march=rv32imac', '-mabi=ilp32']),
  kernels: WITH_MULTIPLIER,
  code: {
    frame: { flash: 900, ram: 0 },
    raw: {
      rows: { flash: 1350, ram: 32 },
      stream: { flash: 410, ram: 0 },
      float: { flash: 2060, ram: 0 },
    },
  },
  firmware: {
    name: 'ch32v203',
    description: 'WCH CH32V203C8T6: QingKe V4B, RV32IMAC, 144 MHz, 64 kB flash, 20 kB RAM',
    files: ['ch32v/ch32v.ld', 'ch32v/vectors.S', 'ch32v20x', 'serial', 'cycles/qingke'],
    definitions: ['-DLAST_INTERRUPT=62'],
    linkerScript: 'ch32v.ld',
    startUp: 'none',
    packages: ['gcc-riscv64-unknown-elf'],
    flashing: 'With a WCH-LinkE on SWDIO and SWCLK: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
    serial: 'PA9, 115 200 baud',
    receiver: 'PA10',
  },
} as const satisfies Part;
