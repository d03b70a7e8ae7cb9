// The parts that the simulator of this package runs: a view of the records of parts.
import { unknownName } from '@bitnetmcu/quant/internal';
import { PARTS } from '../generated/parts.js';
import type { FlashRegion, MemoryRegion, RiscvCore } from '../targets/part.js';
import { SimulatorError } from './errors.js';

/** What the simulator has to know about a microcontroller. */
export interface Target {
  readonly name: string;
  readonly description: string;
  readonly core: RiscvCore;
  /** Core clock in Hz at which the wait states hold. */
  readonly clockHz: number;
  /** Answers at its base and at address 0. */
  readonly flash: FlashRegion;
  readonly ram: MemoryRegion;
  /** GCC's -march and -mabi. */
  readonly compiler: { readonly instructionSet: readonly string[] };
}

export type TargetName = {
  [Name in keyof typeof PARTS]: (typeof PARTS)[Name]['core']['kind'] extends 'riscv' ? Name : never;
}[keyof typeof PARTS];

/**
 * Known targets by name.
 *
 * @example
 * ```ts
 * import { TARGETS } from '@bitnetmcu/mcu-runtime/sim';
 *
 * for (const { name, description } of Object.values(TARGETS)) console.log(name, description);
 * ```
 */
export const TARGETS = Object.fromEntries(
  Object.entries(PARTS).filter(([, { core }]) => core.kind === 'riscv'),
) as unknown as Readonly<Record<TargetName, Target>>;

/**
 * The target of a name; throws `unknown-target` with the nearest name and all known ones.
 *
 * @example
 * ```ts
 * import { findTarget } from '@bitnetmcu/mcu-runtime/sim';
 *
 * const { clockHz } = findTarget('ch32v003');
 * ```
 */
export function findTarget(name: string): Target {
  if (Object.hasOwn(TARGETS, name)) return TARGETS[name as TargetName];
  throw new SimulatorError('unknown-target', unknownName('simulated target', name, Object.keys(TARGETS)));
}
