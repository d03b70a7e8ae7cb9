// The parts that simulateModel knows: their memories and their simulators. Their kernels: kernel-variants.ts.
import { SimulatorError } from '../sim/errors.js';
import { TARGETS } from '../sim/targets.js';
import { ATMEGA328P_LIMITS, createAtmega328pDevice, DATA_OFFSET } from './atmega328p-device.js';
import { createCh32vDevice } from './ch32v-device.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';
import { type KernelVariant, kernelVariants, PART_KERNELS } from './kernel-variants.js';
import { createRp2040Device, SRAM_BYTES } from './rp2040-device.js';

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
  /** All that can be named. */
  readonly variants: readonly KernelVariant[];
  /** Of these, the first with which a model fits is the default, here and in firmware. */
  readonly defaults: readonly [KernelVariant, ...KernelVariant[]];
  readonly createDevice: (image: KernelImage, memory: DeviceMemory) => Promise<Device>;
}

const KIB = 1024;
const MIB = 1024 * KIB;

function ch32v(part: 'ch32v003' | 'ch32v002'): SimulationTarget {
  const target = TARGETS[part];
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
    variants: kernelVariants(part),
    defaults: PART_KERNELS[part].variants,
    createDevice: (image, memory) => createCh32vDevice(target, image, memory),
  };
}

export const SIMULATION_TARGETS = {
  ch32v003: ch32v('ch32v003'),
  ch32v002: ch32v('ch32v002'),
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
    variants: kernelVariants('rp2040'),
    defaults: PART_KERNELS.rp2040.variants,
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
    variants: kernelVariants('atmega328p'),
    defaults: PART_KERNELS.atmega328p.variants,
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
