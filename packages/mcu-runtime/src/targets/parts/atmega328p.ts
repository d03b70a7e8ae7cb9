// Microchip ATmega328P, as on an Arduino Uno or Nano.
import { AVR, PLAIN } from '../kernel-building.js';
import type { Part } from '../part.js';

export const atmega328p = {
  name: 'atmega328p',
  description: 'Microchip ATmega328P (Arduino Uno): AVR, 16 MHz, 32 kB flash, 2 kB RAM; weights in flash',
  sources: ['ATmega328P data sheet (Microchip DS40002061)', 'AVR instruction set manual (Microchip DS40002198)'],
  core: { kind: 'avr', multiplier: true, longJumps: true, vectors: 26, serial: 'usart0' },
  clockHz: 16_000_000,
  flash: { base: 0, size: 32 * 1024, waitStates: 0 },
  ram: { base: 0x80_0100, size: 2 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'ram',
  compiler: {
    toolchain: 'avr',
    machine: 'avr',
    instructionSet: ['-mmcu=atmega328p'],
    flags: [],
    size: ['-Os'],
    speed: ['-O2'],
  },
  kernels: {
    variants: [
      { name: 'fast', description: 'fast kernels, -O2', ...AVR },
      // With -O2 convolutions gain 15 %, 2-bit linear layers lose 10 %.
      { ...PLAIN, description: 'portable C, -Os' },
    ],
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
    name: 'atmega328p',
    description: 'Microchip ATmega328P at 16 MHz (Arduino Uno, Nano), without the Arduino core',
    files: ['avr', 'atmega328p', 'serial', 'cycles/avr'],
    definitions: [],
    linkerScript: 'stack.ld',
    startUp: 'libc',
    product: {
      path: 'firmware.hex',
      command: ['avr-objcopy', '-O', 'ihex', '-R', '.eeprom', 'firmware.elf', 'firmware.hex'],
    },
    packages: ['gcc-avr', 'avr-libc'],
    flashing: 'With an Uno on USB: `avrdude -p m328p -c arduino -P /dev/ttyACM0 -U flash:w:firmware.hex`',
    serial: 'PD1 (pin 1; on an Uno its USB port), 115 200 baud',
    receiver: 'PD0 (pin 0; on an Uno its USB port)',
  },
} as const satisfies Part;
