// What a firmware project can be made for, as data: boards, build systems and libraries. A new one is one more row.
import type { FirmwareBoard } from '@bitnetmcu/mcu-runtime/node';
import { type ElfMachine, TARGETS } from '@bitnetmcu/mcu-runtime/sim';
import { type KernelVariant, kernelVariants, type PartName } from '@bitnetmcu/mcu-runtime/targets';
import type { ExportTargetName } from '../c/export-targets.js';

/** Kernels of a project: of a simulated part a row of its table of variants. */
export type FirmwareKernels = Pick<KernelVariant, 'name' | 'layout' | 'sources' | 'hot' | 'inRam' | 'lto'>;

interface AnyKind {
  readonly description: string;
  /** What the fast kernels are laid out for. */
  readonly target: ExportTargetName;
  /** What can be chosen. Default: of a simulated part what `chooseVariant` finds, of others the first. */
  readonly kernels: readonly FirmwareKernels[];
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
  /** The part in which the built image runs here: its row in the table of kernels says how the project is compiled. */
  readonly part: PartName;
  /** Definitions of the board's own files. */
  readonly definitions: readonly string[];
  readonly linkerFlags: readonly string[];
  /** What is put on the board where it is not firmware.bin, and the command that makes it. */
  readonly product?: { readonly path: string; readonly command: readonly [string, ...string[]] };
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
/** Of projects for any part of an architecture. */
const PLAIN: FirmwareKernels = { name: 'plain', layout: 'plain', sources: 'plain', hot: 'none' };
const FAST: FirmwareKernels = { name: 'fast', layout: 'mul', sources: 'fast', hot: 'none' };

const apt = (...packages: readonly string[]) =>
  ['sudo apt-get update', `sudo apt-get install ${packages.join(' ')}`] as const;

function ch32v(part: 'ch32v003' | 'ch32v002'): BareMetalKind {
  const { description, flash, ram } = TARGETS[part];
  const memory = { flash_base: flash.base, flash_size: flash.size, ram_base: ram.base, ram_size: ram.size };
  return {
    style: 'bare-metal',
    description,
    target: part,
    part,
    kernels: kernelVariants(part),
    board: 'ch32v',
    programs: ['riscv64-unknown-elf-gcc'],
    install: apt('gcc-riscv64-unknown-elf'),
    definitions: [`-DFLASH_WAIT_STATES=${flash.waitStates}`],
    linkerFlags: [
      ...['-ffreestanding', '-nostdlib', '-nostartfiles', '-Wl,-T,ch32v.ld'],
      ...Object.entries(memory).map(([name, value]) => `-Wl,--defsym=__${name}=0x${value.toString(16)}`),
    ],
    flashBytes: flash.size,
    ramBytes: ram.size,
    flashing: 'With a WCH-LinkE on SWIO: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
    serial: 'PD5, 115 200 baud',
  };
}

export const FIRMWARE_KINDS = {
  ch32v003: ch32v('ch32v003'),
  ch32v002: ch32v('ch32v002'),
  pico: {
    style: 'bare-metal',
    description: 'Raspberry Pi Pico (RP2040), UF2 without any SDK',
    target: 'rp2040',
    part: 'rp2040',
    kernels: kernelVariants('rp2040'),
    board: 'pico',
    programs: ['arm-none-eabi-gcc'],
    install: apt('gcc-arm-none-eabi'),
    definitions: ['-DBOOT2_CRC=0x6a98cd94'],
    linkerFlags: ['-ffreestanding', '-nostdlib', '-nostartfiles', '-Wl,-T,pico.ld'],
    flashBytes: 2 * KIB * KIB,
    // Code and weights run from RAM.
    ramBytes: 264 * KIB,
    product: { path: 'firmware.uf2', command: ['node', 'uf2.mjs', 'firmware.bin', 'firmware.uf2'] },
    flashing: 'Hold BOOTSEL while you plug the board in, then copy `firmware.uf2` to the drive that appears',
    serial: 'GPIO 0 (pin 1), 115 200 baud',
  },
  atmega328p: {
    style: 'bare-metal',
    description: 'Microchip ATmega328P at 16 MHz (Arduino Uno, Nano), without the Arduino core',
    target: 'atmega328p',
    part: 'atmega328p',
    kernels: kernelVariants('atmega328p'),
    board: 'atmega328p',
    programs: ['avr-gcc'],
    install: apt('gcc-avr', 'avr-libc'),
    definitions: [],
    linkerFlags: ['-Wl,-T,stack.ld'],
    flashBytes: 32 * KIB,
    ramBytes: 2 * KIB,
    product: {
      path: 'firmware.hex',
      command: ['avr-objcopy', '-O', 'ihex', '-R', '.eeprom', 'firmware.elf', 'firmware.hex'],
    },
    flashing: 'With an Uno on USB: `avrdude -p m328p -c arduino -P /dev/ttyACM0 -U flash:w:firmware.hex`',
    serial: 'PD1 (pin 1; on an Uno its USB port), 115 200 baud',
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
