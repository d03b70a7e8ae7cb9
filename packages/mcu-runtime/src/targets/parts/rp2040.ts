// Raspberry Pi RP2040, as on a Pico.
import { FAST, PLAIN } from '../kernel-building.js';
import type { Part } from '../part.js';

export const rp2040 = {
  name: 'rp2040',
  description: 'Raspberry Pi RP2040: Cortex-M0+, 125 MHz, 2 MB flash (Pico), 264 kB RAM; code and weights run from RAM',
  sources: ['RP2040 data sheet (Raspberry Pi)'],
  core: { kind: 'rp2040' },
  clockHz: 125_000_000,
  // Wait states of its flash are not simulated: nothing but start-up code runs from there.
  flash: { base: 0x1000_0000, size: 2 * 1024 * 1024, waitStates: 0 },
  ram: { base: 0x2000_0000, size: 264 * 1024 },
  weightsIn: 'ram',
  constantsIn: 'ram',
  compiler: {
    toolchain: 'arm-none-eabi',
    machine: 'arm',
    instructionSet: ['-mcpu=cortex-m0plus', '-mthumb'],
    flags: [],
    // Code runs from 264 kB of RAM.
    size: ['-O2'],
    speed: ['-O2'],
  },
  kernels: {
    variants: [
      { name: 'fast', description: 'fast kernels, -O2, in RAM', layout: 'mul', ...FAST },
      { ...PLAIN, description: 'portable C, -O2, in RAM' },
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
  code: {
    frame: { flash: 1000, ram: 1100 },
    raw: {
      rows: { flash: 1820, ram: 1852 },
      stream: { flash: 450, ram: 450 },
      float: { flash: 1700, ram: 1700 },
    },
  },
  firmware: {
    name: 'pico',
    description: 'Raspberry Pi Pico (RP2040), UF2 without any SDK',
    files: ['pico', 'serial', 'cycles/cortex-m'],
    definitions: ['-DBOOT2_CRC=0x6a98cd94'],
    linkerScript: 'pico.ld',
    startUp: 'none',
    product: { path: 'firmware.uf2', command: ['node', 'uf2.mjs', 'firmware.bin', 'firmware.uf2'] },
    packages: ['gcc-arm-none-eabi'],
    flashing: 'Hold BOOTSEL while you plug the board in, then copy `firmware.uf2` to the drive that appears',
    serial: 'GPIO 0 (pin 1), 115 200 baud',
    receiver: 'GPIO 1 (pin 2)',
  },
} as const satisfies Part;
