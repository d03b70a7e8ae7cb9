// Microchip ATtiny85: the least RAM of all, and without a multiplier.
import { PLAIN } from '../kernel-building.js';
import type { Part } from '../part.js';

export const attiny85 = {
  name: 'attiny85',
  description: 'Microchip ATtiny85: AVR without a multiplier, 8 MHz, 8 kB flash, 512 bytes of RAM; weights in flash',
  sources: ['ATtiny25/45/85 data sheet (Microchip 2586)', 'AVR instruction set manual (Microchip DS40002198)'],
  core: { kind: 'avr', multiplier: false, longJumps: false, vectors: 15, serial: { portB: 4, baud: 9600 } },
  clockHz: 8_000_000,
  flash: { base: 0, size: 8 * 1024, waitStates: 0 },
  ram: { base: 0x80_0060, size: 512 },
  weightsIn: 'flash',
  constantsIn: 'ram',
  compiler: {
    toolchain: 'avr',
    machine: 'avr',
    instructionSet: ['-mmcu=attiny85'],
    // The same instructions with JMP and CALL: all kernels together are larger than RJMP reaches.
    images: ['-mmcu=avr35'],
    flags: [],
    size: ['-Os'],
    speed: ['-Os'],
  },
  kernels: {
    variants: [{ ...PLAIN, description: 'portable C, -Os; the fast AVR kernels want a multiplier' }],
    onRequest: [{ ...PLAIN, name: 'coded', description: 'coded weights of linear layers', layout: 'coded' }],
  },
  code: {
    frame: { flash: 620, ram: 40 },
    raw: {
      rows: { flash: 1780, ram: 44 },
      stream: { flash: 460, ram: 0 },
      float: { flash: 1220, ram: 0 },
    },
  },
  firmware: {
    name: 'attiny85',
    description: 'Microchip ATtiny85 at 8 MHz, 8 kB flash, 512 bytes of RAM',
    files: ['avr', 'attiny85'],
    definitions: [],
    linkerScript: 'stack.ld',
    startUp: 'libc',
    // The networks that fit use less than 50.
    stackRoom: 64,
    product: {
      path: 'firmware.hex',
      command: ['avr-objcopy', '-O', 'ihex', '-R', '.eeprom', 'firmware.elf', 'firmware.hex'],
    },
    packages: ['gcc-avr', 'avr-libc'],
    flashing: 'With a USBasp: `avrdude -p t85 -c usbasp -U flash:w:firmware.hex`',
    serial: 'PB4 (pin 3), 9600 baud',
  },
} as const satisfies Part;
