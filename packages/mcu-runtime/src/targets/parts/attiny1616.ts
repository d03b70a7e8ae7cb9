// Microchip ATtiny1616, of the tinyAVR 1-series: the newer core (AVRxt), with a multiplier and faster stores and calls.
import { AVR, PLAIN } from '../kernel-building.js';
import type { Part } from '../part.js';

export const attiny1616 = {
  name: 'attiny1616',
  description: 'Microchip ATtiny1616 (tinyAVR 1-series): AVR, 20 MHz, 16 kB flash, 2 kB RAM; weights in flash',
  sources: [
    'ATtiny1614/1616/1617 data sheet (Microchip DS40002204)',
    'AVR instruction set manual (Microchip DS40002198), cycles of AVRxt',
  ],
  core: {
    ...{ kind: 'avr', cyclesOf: 'xt', mappedFlash: 0x8000, multiplier: true, longJumps: true },
    ...{ vectors: 31, serial: 'tinyUsart0' },
  },
  clockHz: 20_000_000,
  flash: { base: 0, size: 16 * 1024, waitStates: 0 },
  ram: { base: 0x80_3800, size: 2 * 1024 },
  weightsIn: 'flash',
  constantsIn: 'flash',
  compiler: {
    toolchain: 'avr',
    machine: 'avr',
    instructionSet: ['-mmcu=attiny1616'],
    // The avr-libc of Debian 12 does not know the part, and says so in every file that includes one of its headers.
    flags: ['-Wno-cpp'],
    size: ['-Os'],
    speed: ['-O2'],
  },
  kernels: {
    variants: [
      { name: 'fast', description: 'fast kernels, -O2', ...AVR },
      { ...PLAIN, description: 'portable C, -Os' },
    ],
    onRequest: [{ ...PLAIN, name: 'coded', description: 'coded weights of linear layers', layout: 'coded' }],
  },
  code: {
    frame: { flash: 760, ram: 40 },
    raw: {
      rows: { flash: 1780, ram: 44 },
      stream: { flash: 460, ram: 0 },
      float: { flash: 1220, ram: 0 },
    },
  },
  firmware: {
    name: 'attiny1616',
    description: 'Microchip ATtiny1616 at 20 MHz (tinyAVR 1-series), 16 kB flash, 2 kB RAM',
    files: ['avr', 'attiny1616'],
    // Start-up code of the project's own, and none of the part's in the library: Debian's has no files of it.
    definitions: ['-nostartfiles', '-nodevicelib'],
    linkerScript: 'stack.ld',
    startUp: 'libc',
    product: {
      path: 'firmware.hex',
      command: ['avr-objcopy', '-O', 'ihex', '-R', '.eeprom', 'firmware.elf', 'firmware.hex'],
    },
    packages: ['gcc-avr', 'avr-libc'],
    flashing: 'With a UPDI adapter: `avrdude -p t1616 -c serialupdi -P /dev/ttyUSB0 -U flash:w:firmware.hex`',
    serial: 'PB2, 115 200 baud',
    receiver: 'PB3',
  },
} as const satisfies Part;
