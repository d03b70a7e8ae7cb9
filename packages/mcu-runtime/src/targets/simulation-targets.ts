// The parts that simulateModel knows: a view of their records, with the simulator that runs each.
import { unknownName } from '@bitnetmcu/quant/internal';
import { SimulatorError } from '../sim/errors.js';
import { unknownValue } from '../unknown-value.js';
import { avrLimits, createAvrDevice } from './avr-device.js';
import { createCortexMDevice } from './cortex-m-device.js';
import type { Device, DeviceMemory } from './device.js';
import type { KernelImage } from './kernel-image.js';
import { defaultVariants, type KernelVariant, kernelVariants } from './kernel-variants.js';
import type { CycleBand, Part } from './part.js';
import { findPart, isPartName, PART_NAMES, type PartName, parts } from './parts.js';
import { createRiscvDevice } from './riscv-device.js';
import { createRp2040Device } from './rp2040-device.js';

export interface SimulationTarget {
  readonly name: PartName;
  readonly description: string;
  readonly clockHz: number;
  /** Where its cycles are estimates: what they assume. */
  readonly assumedTiming?: string;
  /** How far a real part may be from these cycles; absent where nothing of one was published to compare with. */
  readonly cycleBand?: CycleBand;
  /** The part's own memories in bytes. */
  readonly flashBytes: number;
  readonly ramBytes: number;
  /** First address of RAM in kernel images. */
  readonly ramBase: number;
  /** Where kernels read weights: in flash, or in RAM, into which start-up code copies them. */
  readonly weightsIn: 'flash' | 'ram';
  /** Largest memories that can be simulated: with all kernels and room for the stack more than a model that fits the part needs. */
  readonly limits: DeviceMemory;
  /** All that can be named. */
  readonly variants: readonly KernelVariant[];
  /** Of these, the first with which a model fits is the default, here and in firmware. */
  readonly defaults: readonly [KernelVariant, ...KernelVariant[]];
  readonly createDevice: (image: KernelImage, memory: DeviceMemory) => Promise<Device>;
}

type Simulator = Pick<SimulationTarget, 'limits' | 'createDevice'>;

const MIB = 1024 * 1024;

function simulatorOf(part: Part): Simulator {
  const { core } = part;
  // All kernels lie beside a model that may fill the flash.
  const limits = { flashBytes: part.flash.size + MIB, ramBytes: MIB };
  switch (core.kind) {
    case 'riscv':
      return {
        limits,
        createDevice: (image, memory) => createRiscvDevice({ ...part, core }, image, memory),
      };
    case 'rp2040':
      return {
        limits: { flashBytes: Number.POSITIVE_INFINITY, ramBytes: MIB },
        createDevice: createRp2040Device,
      };
    case 'cortex-m':
      return {
        limits,
        createDevice: (image, memory) => createCortexMDevice({ ...part, core }, image, memory),
      };
    case 'avr':
      return {
        limits: avrLimits(part.ram, core),
        createDevice: (image, memory) => createAvrDevice({ ...part, core }, image, memory),
      };
    default:
      throw unknownValue('core', core);
  }
}

function simulationTarget(name: PartName): SimulationTarget {
  const { description, clockHz, flash, ram, weightsIn, core }: Part = parts[name];
  const assumedTiming = 'timing' in core ? core.timing.assumed : undefined;
  const cycleBand = core.kind === 'riscv' ? core.timing.band : undefined;
  return {
    name,
    description,
    clockHz,
    ...(cycleBand === undefined ? {} : { cycleBand }),
    ...(assumedTiming === undefined ? {} : { assumedTiming }),
    flashBytes: flash.size,
    ramBytes: ram.size,
    ramBase: ram.base,
    weightsIn,
    variants: kernelVariants(name),
    defaults: defaultVariants(name),
    ...simulatorOf(parts[name]),
  };
}

export type SimulationTargetName = PartName;
/**
 * Names of the parts that a model can be simulated on.
 *
 * @example
 * ```ts
 * import { simulateModel, SIMULATION_TARGET_NAMES } from '@bitnetmcu/mcu-runtime/targets';
 *
 * for (const target of SIMULATION_TARGET_NAMES) console.log(await simulateModel(model, { target, inputs }));
 * ```
 */
export const SIMULATION_TARGET_NAMES = PART_NAMES;
/**
 * Every part that a model can be simulated on, by name.
 *
 * @example
 * ```ts
 * import { SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
 *
 * const { description, variants } = SIMULATION_TARGETS.ch32v003;
 * ```
 */
export const SIMULATION_TARGETS = Object.fromEntries(
  PART_NAMES.map((name) => [name, simulationTarget(name)]),
) as unknown as Readonly<Record<PartName, SimulationTarget>>;

/**
 * The target of a name; throws `unknown-target` with the nearest name and all known ones.
 *
 * @example
 * ```ts
 * import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
 *
 * const { name, description } = findSimulationTarget('rp2040');
 * ```
 */
export function findSimulationTarget(name: string): SimulationTarget {
  return SIMULATION_TARGETS[isPartName(name) ? name : (findPart(name).name as PartName)];
}

/** Whether an address of a kernel image is RAM's: flash may lie behind it. */
export function isInRam(address: number, { ramBase, limits }: SimulationTarget): boolean {
  return address >= ramBase && address - ramBase < limits.ramBytes;
}

/** A target's kernels of a name; throws `unknown-variant` with the nearest name and all known ones. */
export function findVariant({ name, variants }: SimulationTarget, wanted: string): KernelVariant {
  const found = variants.find((variant) => variant.name === wanted);
  if (found !== undefined) return found;
  throw new SimulatorError(
    'unknown-variant',
    unknownName(
      `choice of kernels of ${name}`,
      wanted,
      variants.map((variant) => variant.name),
    ),
  );
}
