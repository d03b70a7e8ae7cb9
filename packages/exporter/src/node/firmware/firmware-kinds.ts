// What a firmware project can be made for, as data: boards, build systems and libraries. A new one is one more row.
import type { FirmwareBoard } from '@bitnetmcu/mcu-runtime/node';
import { type ElfMachine, TARGETS, type Target } from '@bitnetmcu/mcu-runtime/sim';
import type { FirmwareTarget } from '@bitnetmcu/mcu-runtime/targets';
import type { CKernels } from '../../c/export-c.js';
import type { ExportTargetName } from '../../c/export-targets.js';

/** Kernels of a project: those of exportC, and how much of them runs from RAM (BNM_KERNELS_IN_RAM). */
export interface FirmwareKernels {
  readonly name: 'fast' | 'fast-loops' | 'fast-flash' | 'plain';
  readonly kernels: CKernels;
  readonly inRam?: 1 | 2;
  /** RAM for the kernels' code and stack: an estimate from above that decides whether they are the default. */
  readonly ramBytes: number;
  /** The same with a chain of convolutions. */
  readonly chainRamBytes?: number;
  /** Not the default of models that need a small layout: the simulation has those with inner loops in RAM at most. */
  readonly largeLayoutOnly?: true;
}

interface AnyKind {
  readonly description: string;
  /** What the fast kernels are laid out for. */
  readonly target: ExportTargetName;
  /** The first with which the model fits is the default; in the order of SIMULATION_TARGETS, so that simulation and firmware agree. */
  readonly kernels: readonly [FirmwareKernels, ...FirmwareKernels[]];
  /** Programs that build it: the first that is missing is reported. */
  readonly programs: readonly [string, ...string[]];
  /** Commands that install them, on Debian and Ubuntu where nothing else is said. */
  readonly install: readonly [string, string];
  /** How to put it on a board: a sentence without its full stop. */
  readonly flashing: string;
  /** Where the results come out. */
  readonly serial: string;
  /** Bytes of flash and RAM; of a library those of the smallest board that its example is for. */
  readonly flashBytes: number;
  readonly ramBytes: number;
}

/** A Makefile, and everything from start-up code on. */
export interface BareMetalKind extends AnyKind {
  readonly style: 'bare-metal';
  readonly board: FirmwareBoard;
  /** Prefix of the toolchain: `<prefix>-gcc`. */
  readonly toolchain: string;
  readonly machine: ElfMachine;
  readonly compilerFlags: readonly string[];
  readonly linkerFlags: readonly string[];
  /** What is put on the board where it is not firmware.bin, and the command that makes it. */
  readonly product?: { readonly path: string; readonly command: readonly [string, ...string[]] };
  /** The part in which the built image runs here. */
  readonly simulation: FirmwareTarget;
}

/** CMake with a toolchain file for any part of an architecture. */
export interface CMakeKind extends AnyKind {
  readonly style: 'cmake';
  readonly architecture: 'arm' | 'riscv';
  readonly toolchain: string;
  readonly machine: ElfMachine;
  /** Default of the part's flags. */
  readonly cpuFlags: string;
  readonly flashBase: number;
  readonly ramBase: number;
}

/** A library with an example sketch. */
export interface LibraryKind extends AnyKind {
  readonly style: 'arduino' | 'platformio';
}

export type FirmwareKind = BareMetalKind | CMakeKind | LibraryKind;

const KIB = 1024;
const PLAIN: FirmwareKernels = { name: 'plain', kernels: 'plain', ramBytes: 280 };
const FAST: FirmwareKernels = { name: 'fast', kernels: 'fast', ramBytes: 460, chainRamBytes: 640 };

const apt = (...packages: readonly string[]) =>
  ['sudo apt-get update', `sudo apt-get install ${packages.join(' ')}`] as const;

/** What gives the smallest programs with GCC 12: the last three together save 50 bytes of the 12 kB network's firmware. */
const SMALLEST = [
  ...['-Os', '-flto', '-msave-restore'],
  ...['-fno-tree-loop-im', '-fno-inline-functions-called-once', '-fno-expensive-optimizations'],
] as const;

function ch32v(target: Target, kernels: BareMetalKind['kernels']): BareMetalKind {
  const { flash, ram } = target;
  const memory = { flash_base: flash.base, flash_size: flash.size, ram_base: ram.base, ram_size: ram.size };
  return {
    style: 'bare-metal',
    description: target.description,
    target: target.name as ExportTargetName,
    kernels,
    board: 'ch32v',
    toolchain: 'riscv64-unknown-elf',
    machine: 'riscv',
    programs: ['riscv64-unknown-elf-gcc'],
    install: apt('gcc-riscv64-unknown-elf'),
    compilerFlags: [...target.compilerFlags, `-DFLASH_WAIT_STATES=${flash.waitStates}`, ...SMALLEST],
    linkerFlags: [
      ...['-ffreestanding', '-nostdlib', '-nostartfiles', '-Wl,-T,ch32v.ld'],
      ...Object.entries(memory).map(([name, value]) => `-Wl,--defsym=__${name}=0x${value.toString(16)}`),
    ],
    flashBytes: flash.size,
    ramBytes: ram.size,
    flashing: 'With a WCH-LinkE on SWIO: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
    serial: 'PD5, 115 200 baud',
    simulation: target.name as FirmwareTarget,
  };
}

export const FIRMWARE_KINDS = {
  ch32v003: ch32v(TARGETS.ch32v003, [
    { ...FAST, name: 'fast-flash' },
    { ...FAST, inRam: 1, ramBytes: 1200, chainRamBytes: 1200 },
    PLAIN,
  ]),
  ch32v002: ch32v(TARGETS.ch32v002, [
    { ...FAST, inRam: 2, ramBytes: 2600, chainRamBytes: 2904, largeLayoutOnly: true },
    { ...FAST, name: 'fast-loops', inRam: 1, ramBytes: 1400, chainRamBytes: 2680 },
    { ...FAST, name: 'fast-flash' },
    PLAIN,
  ]),
  pico: {
    style: 'bare-metal',
    description: 'Raspberry Pi Pico (RP2040), UF2 without any SDK',
    target: 'rp2040',
    kernels: [FAST, PLAIN],
    board: 'pico',
    toolchain: 'arm-none-eabi',
    machine: 'arm',
    programs: ['arm-none-eabi-gcc'],
    install: apt('gcc-arm-none-eabi'),
    compilerFlags: ['-mcpu=cortex-m0plus', '-mthumb', '-DBOOT2_CRC=0x6a98cd94', '-O2'],
    linkerFlags: ['-ffreestanding', '-nostdlib', '-nostartfiles', '-Wl,-T,pico.ld'],
    flashBytes: 2 * KIB * KIB,
    // Code and weights run from RAM.
    ramBytes: 264 * KIB,
    product: { path: 'firmware.uf2', command: ['node', 'uf2.mjs', 'firmware.bin', 'firmware.uf2'] },
    flashing: 'Hold BOOTSEL while you plug the board in, then copy `firmware.uf2` to the drive that appears',
    serial: 'GPIO 0 (pin 1), 115 200 baud',
    simulation: 'rp2040',
  },
  atmega328p: {
    style: 'bare-metal',
    description: 'Microchip ATmega328P at 16 MHz (Arduino Uno, Nano), without the Arduino core',
    target: 'atmega328p',
    kernels: [PLAIN],
    board: 'atmega328p',
    toolchain: 'avr',
    machine: 'avr',
    programs: ['avr-gcc'],
    install: apt('gcc-avr', 'avr-libc'),
    compilerFlags: ['-mmcu=atmega328p', '-Os'],
    linkerFlags: ['-Wl,-T,stack.ld'],
    flashBytes: 32 * KIB,
    ramBytes: 2 * KIB,
    product: {
      path: 'firmware.hex',
      command: ['avr-objcopy', '-O', 'ihex', '-R', '.eeprom', 'firmware.elf', 'firmware.hex'],
    },
    flashing: 'With an Uno on USB: `avrdude -p m328p -c arduino -P /dev/ttyACM0 -U flash:w:firmware.hex`',
    serial: 'PD1 (pin 1; on an Uno its USB port), 115 200 baud',
    simulation: 'atmega328p',
  },
  'cmake-arm': {
    style: 'cmake',
    architecture: 'arm',
    description: 'CMake project for any Cortex-M, with a toolchain file',
    target: 'cortex-m',
    kernels: [FAST, PLAIN],
    toolchain: 'arm-none-eabi',
    machine: 'arm',
    programs: ['cmake', 'make', 'arm-none-eabi-gcc'],
    install: apt('cmake', 'make', 'gcc-arm-none-eabi'),
    cpuFlags: '-mcpu=cortex-m0plus -mthumb',
    flashBase: 0,
    ramBase: 0x2000_0000,
    flashBytes: 64 * KIB,
    ramBytes: 8 * KIB,
    flashing: 'With OpenOCD or pyOCD: load `build/firmware.elf` with semihosting switched on',
    serial: "the debugger's console (semihosting)",
  },
  'cmake-riscv': {
    style: 'cmake',
    architecture: 'riscv',
    description: 'CMake project for any 32-bit RISC-V with a multiplier, with a toolchain file',
    target: 'riscv32',
    kernels: [FAST, PLAIN],
    toolchain: 'riscv64-unknown-elf',
    machine: 'riscv',
    programs: ['cmake', 'make', 'riscv64-unknown-elf-gcc'],
    install: apt('cmake', 'make', 'gcc-riscv64-unknown-elf'),
    cpuFlags: '-march=rv32imac -mabi=ilp32',
    flashBase: 0x0800_0000,
    ramBase: 0x2000_0000,
    flashBytes: 64 * KIB,
    ramBytes: 8 * KIB,
    flashing: 'With OpenOCD: load `build/firmware.elf` with semihosting switched on',
    serial: "the debugger's console (semihosting)",
  },
  arduino: {
    style: 'arduino',
    description: 'Arduino library with an example sketch, for all boards',
    target: 'cortex-m',
    // The fast kernels are for 32-bit boards only.
    kernels: [PLAIN, FAST],
    programs: ['arduino-cli'],
    install: [
      'curl -fsSL https://raw.githubusercontent.com/arduino/arduino-cli/master/install.sh | sudo BINDIR=/usr/local/bin sh',
      'arduino-cli core install arduino:avr',
    ],
    flashBytes: 32 * KIB,
    ramBytes: 2 * KIB,
    flashing: 'In the Arduino IDE: Sketch, Include Library, Add .ZIP Library, then the example SelfTest',
    serial: 'the serial monitor, 115 200 baud',
  },
  platformio: {
    style: 'platformio',
    description: 'PlatformIO library with an example project, for all boards',
    target: 'cortex-m',
    kernels: [PLAIN, FAST],
    programs: ['pio'],
    install: ['sudo apt-get install pipx', 'pipx install platformio'],
    flashBytes: 32 * KIB,
    ramBytes: 2 * KIB,
    flashing: '`pio run -d examples/self-test -e uno -t upload`',
    serial: 'the serial monitor (`pio device monitor -b 115200`)',
  },
} as const satisfies Record<string, FirmwareKind>;

export type FirmwareKindName = keyof typeof FIRMWARE_KINDS;
export const FIRMWARE_KIND_NAMES = Object.keys(FIRMWARE_KINDS) as readonly FirmwareKindName[];

/** The row of a kind, without what is special to it. */
export function firmwareKind(name: FirmwareKindName): FirmwareKind {
  return FIRMWARE_KINDS[name];
}
