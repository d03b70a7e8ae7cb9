// What a firmware project can be made for, as data: the parts of the simulator's records, build systems and libraries.

import {
  BOARD_PART_NAMES,
  type BoardPartName,
  boardOf,
  findPart,
  kernelVariants,
} from '@bitnetmcu/mcu-runtime/internal/targets';
import type { ElfMachine } from '@bitnetmcu/mcu-runtime/sim';
import type { FirmwareName, PartVariant } from '@bitnetmcu/mcu-runtime/targets';
import { unknownName } from '@bitnetmcu/quant/internal';
import type { ExportTargetName } from '../c/export-targets.js';
import { ExporterError } from '../errors.js';

/** Kernels of a project: of a simulated part one of its variants. */
export type FirmwareKernels = Pick<PartVariant, 'name' | 'layout' | 'sources' | 'hot' | 'inRam' | 'lto'>;

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
  /** The part in which the built image runs here: its record says how the project is compiled and what is in it. */
  readonly part: BoardPartName;
  /** Where characters come in, if it has a receiver. */
  readonly receiver: string | undefined;
  /** Whether its files have a counter of core cycles. */
  readonly countsCycles: boolean;
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

/** A component of a build system, with the self-test as an example. */
export interface ComponentKind extends AnyKind {
  readonly style: 'esp-idf' | 'zephyr' | 'cmsis-pack';
}

export type FirmwareKind = BareMetalKind | CMakeKind | LibraryKind | ComponentKind;

/** Whether the sources are for builds of the user's own: nothing is missing where the tool is not here. */
export function isLibrary({ style }: FirmwareKind): boolean {
  return style !== 'bare-metal' && style !== 'cmake';
}

/** Whether there is a program of it that answers commands with logits and cycles. */
export function answersCommands(kind: FirmwareKind): kind is BareMetalKind & { readonly receiver: string } {
  return kind.style === 'bare-metal' && kind.receiver !== undefined && kind.countsCycles;
}

const KIB = 1024;
/** Of projects for any part of an architecture. */
const PLAIN: FirmwareKernels = { name: 'plain', layout: 'plain', sources: 'plain', hot: 'none' };
const FAST: FirmwareKernels = { name: 'fast', layout: 'mul', sources: 'fast', hot: 'none' };

const apt = (...packages: readonly string[]) =>
  ['sudo apt-get update', `sudo apt-get install ${packages.join(' ')}`] as const;

function partKind(name: BoardPartName): BareMetalKind {
  const part = findPart(name);
  const { flash, ram, compiler } = part;
  const { description, flashing, serial, receiver, packages, files } = boardOf(part);
  return {
    style: 'bare-metal',
    description,
    target: name,
    part: name,
    kernels: kernelVariants(name),
    programs: [`${compiler.toolchain}-gcc`],
    install: apt(...packages),
    flashBytes: flash.size,
    ramBytes: ram.size,
    flashing,
    serial,
    receiver,
    countsCycles: files.some((path) => path.startsWith('cycles/')),
  };
}

/** Build systems and libraries, each for all parts of an architecture or for all boards. */
const BUILD_SYSTEMS = {
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
  'esp-idf': {
    style: 'esp-idf',
    description: 'ESP-IDF component with an example project; fast kernels for its RISC-V parts',
    target: 'riscv32',
    // Those of the Xtensa parts are plain: the assembly is RISC-V.
    kernels: [PLAIN, FAST],
    programs: ['idf.py'],
    install: [
      'git clone --recursive https://github.com/espressif/esp-idf.git && esp-idf/install.sh',
      '. esp-idf/export.sh',
    ],
    flashBytes: 1024 * KIB,
    ramBytes: 320 * KIB,
    flashing: '`idf.py -C examples/self_test flash monitor`',
    serial: 'the monitor',
  },
  zephyr: {
    style: 'zephyr',
    description: 'Zephyr module with a sample, for all boards; fast kernels for Cortex-M',
    target: 'cortex-m',
    kernels: [PLAIN, FAST],
    programs: ['west'],
    install: ['pipx install west', 'west init zephyrproject && cd zephyrproject && west update && west zephyr-export'],
    flashBytes: 64 * KIB,
    ramBytes: 16 * KIB,
    flashing: '`west flash`, or `west build -t run` for boards that QEMU has',
    serial: 'the console of the board',
  },
  'cmsis-pack': {
    style: 'cmsis-pack',
    description: 'CMSIS pack (pdsc) with the model as a software component, for Cortex-M',
    target: 'cortex-m',
    kernels: [FAST, PLAIN],
    programs: ['packchk'],
    install: [
      'git clone --recurse-submodules https://github.com/Open-CMSIS-Pack/devtools',
      'cmake -S devtools -B devtools/build && cmake --build devtools/build --target packchk',
    ],
    flashBytes: 64 * KIB,
    ramBytes: 16 * KIB,
    flashing: 'As the project that takes the component does',
    serial: 'standard output',
  },
} as const satisfies Record<string, FirmwareKind>;

export type FirmwareKindName = FirmwareName | keyof typeof BUILD_SYSTEMS;

export const FIRMWARE_KINDS: Readonly<Record<FirmwareKindName, FirmwareKind>> = {
  ...(Object.fromEntries(BOARD_PART_NAMES.map((name) => [boardOf(findPart(name)).name, partKind(name)])) as Record<
    FirmwareName,
    BareMetalKind
  >),
  ...BUILD_SYSTEMS,
};
export const FIRMWARE_KIND_NAMES = Object.keys(FIRMWARE_KINDS) as readonly FirmwareKindName[];

/** The row of a kind. @throws ExporterError `unknown-target`, naming the nearest known one */
export function firmwareKind(name: string): FirmwareKind {
  if (Object.hasOwn(FIRMWARE_KINDS, name)) return FIRMWARE_KINDS[name as FirmwareKindName];
  throw new ExporterError('unknown-target', unknownName('firmware target', name, FIRMWARE_KIND_NAMES));
}
