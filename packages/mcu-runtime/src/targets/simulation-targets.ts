// The targets that simulateModel knows, and for each the kernels it can run: the first variant that fits is the default, here and in
// firmware.
import type { LayoutName } from '../layout/layouts.js';
import { SimulatorError } from '../sim/errors.js';
import { TARGETS, type Target } from '../sim/targets.js';
import { ATMEGA328P_LIMITS, createAtmega328pDevice, DATA_OFFSET } from './atmega328p-device.js';
import { createCh32vDevice } from './ch32v-device.js';
import type { Device, DeviceMemory } from './device.js';
import { decodeKernelImage, type KernelImage } from './kernel-image.js';
import { createRp2040Device, SRAM_BYTES } from './rp2040-device.js';

/** Kernels prebuilt for one target, and the layout of weights that they read. */
export interface KernelVariant {
  readonly name: string;
  /** One sentence for tables. */
  readonly description: string;
  readonly layout: LayoutName;
  /** Loads the prebuilt image. */
  readonly image: () => Promise<KernelImage>;
}

export interface SimulationTarget {
  readonly name: string;
  readonly description: string;
  readonly clockHz: number;
  /** The part's own memories in bytes. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** First address of RAM in kernel images. */
  readonly ramBase: number;
  /** Where kernels read weights: in flash, or in RAM, into which start-up code copies them. */
  readonly weightsIn: 'flash' | 'ram';
  /** Largest memories that can be simulated. */
  readonly limits: DeviceMemory;
  readonly variants: readonly [KernelVariant, ...KernelVariant[]];
  readonly createDevice: (image: KernelImage, memory: DeviceMemory) => Promise<Device>;
}

const KIB = 1024;
const MIB = 1024 * KIB;

function ch32v(target: Target, variants: SimulationTarget['variants']): SimulationTarget {
  const { name, description, clockHz, flash, ram } = target;
  return {
    name,
    description,
    clockHz,
    flashBytes: flash.size,
    ramBytes: ram.size,
    ramBase: ram.base,
    weightsIn: 'flash',
    limits: { flashBytes: MIB, ramBytes: MIB },
    variants,
    createDevice: (image, memory) => createCh32vDevice(target, image, memory),
  };
}

const PLAIN = { name: 'plain', description: 'portable C, -Os, all in flash', layout: 'plain' } as const;
const FAST = { name: 'fast', description: 'fast kernels, inner loops in RAM' } as const;
const FAST_LOOPS = { name: 'fast-loops', description: 'fast kernels, only inner loops in RAM' } as const;
const FAST_SMALL = {
  name: 'fast-small',
  description: 'fast kernels of one family for linear layers, for little flash',
} as const;
const FAST_CONV = {
  name: 'fast-conv',
  description: 'fast kernels for convolutions, inner loops in RAM, plain ones for linear layers',
} as const;
const FAST_CONV_FLASH = {
  name: 'fast-conv-flash',
  description: 'fast kernels for convolutions, plain ones for linear layers, all in flash',
} as const;
const FAST_FLASH = { name: 'fast-flash', description: 'fast kernels, all in flash' } as const;

export const SIMULATION_TARGETS = {
  // 2 kB of RAM: what runs from there gains 3 % and takes 600 bytes, so that it is asked for by name.
  ch32v003: ch32v(TARGETS.ch32v003, [
    {
      ...FAST_FLASH,
      layout: 'planes',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v003-fast-flash.js')).CH32V003_FAST_FLASH_IMAGE),
    },
    {
      ...FAST_SMALL,
      layout: 'planes-small',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v003-fast-flash.js')).CH32V003_FAST_FLASH_IMAGE),
    },
    {
      ...FAST_CONV_FLASH,
      layout: 'planes-conv',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v003-fast-flash.js')).CH32V003_FAST_FLASH_IMAGE),
    },
    {
      ...FAST,
      layout: 'planes',
      image: async () => decodeKernelImage((await import('./prebuilt/ch32v003-fast.js')).CH32V003_FAST_IMAGE),
    },
    {
      ...PLAIN,
      image: async () => decodeKernelImage((await import('./prebuilt/ch32v003-plain.js')).CH32V003_PLAIN_IMAGE),
    },
  ]),
  ch32v002: ch32v(TARGETS.ch32v002, [
    {
      ...FAST,
      layout: 'swar',
      image: async () => decodeKernelImage((await import('./prebuilt/ch32v002-fast.js')).CH32V002_FAST_IMAGE),
    },
    {
      ...FAST_LOOPS,
      layout: 'swar',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v002-fast-loops.js')).CH32V002_FAST_LOOPS_IMAGE),
    },
    {
      ...FAST_FLASH,
      layout: 'swar',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v002-fast-flash.js')).CH32V002_FAST_FLASH_IMAGE),
    },
    {
      ...FAST_SMALL,
      layout: 'swar-small',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v002-fast-loops.js')).CH32V002_FAST_LOOPS_IMAGE),
    },
    {
      ...FAST_CONV,
      layout: 'swar-conv',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v002-fast-loops.js')).CH32V002_FAST_LOOPS_IMAGE),
    },
    {
      ...FAST_CONV_FLASH,
      layout: 'swar-conv',
      image: async () =>
        decodeKernelImage((await import('./prebuilt/ch32v002-fast-flash.js')).CH32V002_FAST_FLASH_IMAGE),
    },
    {
      ...PLAIN,
      image: async () => decodeKernelImage((await import('./prebuilt/ch32v002-plain.js')).CH32V002_PLAIN_IMAGE),
    },
  ]),
  rp2040: {
    name: 'rp2040',
    description:
      'Raspberry Pi RP2040: Cortex-M0+, 125 MHz, 2 MB flash (Pico), 264 kB RAM; code and weights run from RAM',
    clockHz: 125_000_000,
    flashBytes: 2 * MIB,
    ramBytes: SRAM_BYTES,
    ramBase: 0x2000_0000,
    weightsIn: 'ram',
    limits: { flashBytes: Number.POSITIVE_INFINITY, ramBytes: SRAM_BYTES },
    variants: [
      {
        ...FAST,
        description: 'fast kernels, -O2, in RAM',
        layout: 'swar',
        image: async () => decodeKernelImage((await import('./prebuilt/rp2040-fast.js')).RP2040_FAST_IMAGE),
      },
      {
        ...PLAIN,
        description: 'portable C, -O2, in RAM',
        image: async () => decodeKernelImage((await import('./prebuilt/rp2040-plain.js')).RP2040_PLAIN_IMAGE),
      },
    ],
    createDevice: createRp2040Device,
  },
  atmega328p: {
    name: 'atmega328p',
    description: 'Microchip ATmega328P (Arduino Uno): AVR, 16 MHz, 32 kB flash, 2 kB RAM; weights in flash',
    clockHz: 16_000_000,
    flashBytes: 32 * KIB,
    ramBytes: 2 * KIB,
    ramBase: DATA_OFFSET + 0x100,
    weightsIn: 'flash',
    limits: ATMEGA328P_LIMITS,
    variants: [
      {
        ...PLAIN,
        image: async () => decodeKernelImage((await import('./prebuilt/atmega328p-plain.js')).ATMEGA328P_PLAIN_IMAGE),
      },
    ],
    createDevice: createAtmega328pDevice,
  },
} as const satisfies Record<string, SimulationTarget>;

export type SimulationTargetName = keyof typeof SIMULATION_TARGETS;
export const SIMULATION_TARGET_NAMES = Object.keys(SIMULATION_TARGETS) as readonly SimulationTargetName[];

/** The target of a name; throws `unknown-target` with the known names. */
export function findSimulationTarget(name: string): SimulationTarget {
  if (Object.hasOwn(SIMULATION_TARGETS, name)) return SIMULATION_TARGETS[name as SimulationTargetName];
  throw new SimulatorError(
    'unknown-target',
    `Target ${JSON.stringify(name)} is not known; choose one of ${SIMULATION_TARGET_NAMES.join(', ')}.`,
  );
}

/** A target's kernels of a name; throws `unknown-variant` with the known names. */
export function findVariant({ name, variants }: SimulationTarget, wanted: string): KernelVariant {
  const found = variants.find((variant) => variant.name === wanted);
  if (found !== undefined) return found;
  const known = variants.map((variant) => variant.name).join(', ');
  throw new SimulatorError(
    'unknown-variant',
    `${name} has no kernels ${JSON.stringify(wanted)}; choose one of ${known}.`,
  );
}
