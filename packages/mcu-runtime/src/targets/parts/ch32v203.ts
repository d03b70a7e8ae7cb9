// WCH CH32V203C8T6: RV32IMAC at 144 MHz; the flash that this record names is read without wait states.
import { FAST, PLAIN, riscvCompiler } from '../kernel-building.js';
import type { Part } from '../part.js';

export const ch32v203 = {
  name: 'ch32v203',
  description: 'WCH CH32V203C8T6: QingKe V4B, RV32IMAC, 144 MHz, 64 kB flash, 20 kB RAM',
  sources: ['CH32V203 data sheet, CH32FV2x_V3x reference manual (WCH)', 'QingKe V4 processor manual (WCH)'],
  core: {
    kind: 'riscv',
    registers: 32,
    multiply: 'full',
    atomics: true,
    timing: {
      ...{ multiply: 1, divide: 17, load: 2, store: 2, jump: 3 },
      assumed:
        'no timing of the QingKe V4 is published; it is taken for a QingKe V2 without wait states, a division for 17 cycles',
    },
  },
  clockHz: 144_000_000,
  flash: { base: 0x0800_0000, size: 64 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 20 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: riscvCompiler(['-march=rv32imac', '-mabi=ilp32']),
  kernels: {
    // RAM is no faster than this flash.
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
  },
  firmware: {
    name: 'ch32v203',
    description: 'WCH CH32V203C8T6: QingKe V4B, RV32IMAC, 144 MHz, 64 kB flash, 20 kB RAM',
    files: ['ch32v/ch32v.ld', 'ch32v/vectors.S', 'ch32v20x'],
    definitions: ['-DLAST_INTERRUPT=62'],
    linkerScript: 'ch32v.ld',
    startUp: 'none',
    packages: ['gcc-riscv64-unknown-elf'],
    flashing: 'With a WCH-LinkE on SWDIO and SWCLK: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
    serial: 'PA9, 115 200 baud',
    frame: { flash: 900, ram: 0 },
    raw: {
      rows: { flash: 1350, ram: 32 },
      stream: { flash: 410, ram: 0 },
      float: { flash: 2060, ram: 0 },
    },
  },
} as const satisfies Part;
