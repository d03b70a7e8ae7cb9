// The boards for which a firmware project can be made, as data.
import type { FirmwareBoard } from '@bitnetmcu/mcu-runtime/node';
import { TARGETS, type Target } from '@bitnetmcu/mcu-runtime/sim';

export interface FirmwareKind {
  readonly description: string;
  readonly board: FirmwareBoard;
  /** Prefix of the toolchain: `<prefix>-gcc`. */
  readonly toolchain: string;
  /** Commands that install it on Debian and Ubuntu. */
  readonly install: readonly [string, string];
  readonly compilerFlags: readonly string[];
  readonly linkerFlags: readonly string[];
  /** Bytes of flash. */
  readonly flashBytes: number;
  /** What is put on the board, made from firmware.bin; absent: firmware.bin itself. */
  readonly uf2?: true;
  /** How to put it there: a sentence without its full stop. */
  readonly flashing: string;
  /** Where the results come out. */
  readonly serial: string;
}

function ch32v(target: Target): FirmwareKind {
  const { flash, ram } = target;
  const memory = { flash_base: flash.base, flash_size: flash.size, ram_base: ram.base, ram_size: ram.size };
  return {
    description: target.description,
    board: 'ch32v',
    toolchain: 'riscv64-unknown-elf',
    install: ['sudo apt-get update', 'sudo apt-get install gcc-riscv64-unknown-elf'],
    compilerFlags: [...target.compilerFlags, `-DFLASH_WAIT_STATES=${flash.waitStates}`, '-Os', '-msave-restore'],
    linkerFlags: [
      '-Wl,-T,ch32v.ld',
      ...Object.entries(memory).map(([name, value]) => `-Wl,--defsym=__${name}=0x${value.toString(16)}`),
    ],
    flashBytes: flash.size,
    flashing: 'With a WCH-LinkE on SWIO: `wlink flash firmware.bin` or `minichlink -w firmware.bin flash`',
    serial: 'PD5, 115 200 baud',
  };
}

export const FIRMWARE_KINDS = {
  ch32v003: ch32v(TARGETS.ch32v003),
  ch32v002: ch32v(TARGETS.ch32v002),
  pico: {
    description: 'Raspberry Pi Pico (RP2040), UF2 without any SDK',
    board: 'pico',
    toolchain: 'arm-none-eabi',
    install: ['sudo apt-get update', 'sudo apt-get install gcc-arm-none-eabi'],
    compilerFlags: ['-mcpu=cortex-m0plus', '-mthumb', '-DBOOT2_CRC=0x6a98cd94', '-O2'],
    linkerFlags: ['-Wl,-T,pico.ld'],
    flashBytes: 2 * 1024 * 1024,
    uf2: true,
    flashing: 'Hold BOOTSEL while you plug the board in, then copy `firmware.uf2` to the drive that appears',
    serial: 'GPIO 0 (pin 1), 115 200 baud',
  },
} as const satisfies Record<string, FirmwareKind>;

export type FirmwareKindName = keyof typeof FIRMWARE_KINDS;
export const FIRMWARE_KIND_NAMES = Object.keys(FIRMWARE_KINDS) as readonly FirmwareKindName[];
