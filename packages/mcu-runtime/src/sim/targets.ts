// The simulated microcontrollers: one row each. A new part with a QingKe V2 core is one more row.
import { SimulatorError } from './errors.js';

/** A memory of the part, in bytes. */
export interface MemoryRegion {
  readonly base: number;
  readonly size: number;
}

/** One microcontroller: what the simulator, the layouts and the firmware builder have to know about it. */
export interface Target {
  readonly name: string;
  readonly description: string;
  readonly core: 'qingke-v2';
  /** Core clock in Hz at which the wait states hold. */
  readonly clockHz: number;
  /** Answers at its base and at address 0. */
  readonly flash: MemoryRegion & { readonly waitStates: number };
  readonly ram: MemoryRegion;
  /** Whether mul, mulh, mulhsu and mulhu exist (Zmmul; there is never a division). */
  readonly multiplier: boolean;
  /** Cycles of a multiplication. */
  readonly mulCycles: number;
  /** GCC's -march and -mabi (GCC 12 emits no mul for `rv32ec_zmmul`; `m` with `-mno-div` does). */
  readonly compilerFlags: readonly string[];
}

const KIB = 1024;

/** Known targets by name. Sources: CH32V003 and CH32V002/CH32V006 data sheets and reference manuals (WCH). */
export const TARGETS = {
  ch32v003: {
    name: 'ch32v003',
    description: 'WCH CH32V003: QingKe V2A, RV32EC, no multiplier, 48 MHz, 16 kB flash, 2 kB RAM',
    core: 'qingke-v2',
    clockHz: 48_000_000,
    flash: { base: 0x0800_0000, size: 16 * KIB, waitStates: 1 },
    ram: { base: 0x2000_0000, size: 2 * KIB },
    multiplier: false,
    mulCycles: 1,
    compilerFlags: ['-march=rv32ec', '-mabi=ilp32e'],
  },
  ch32v002: {
    name: 'ch32v002',
    description: 'WCH CH32V002: QingKe V2C, RV32EmC, multiplier, 48 MHz, 16 kB flash, 4 kB RAM',
    core: 'qingke-v2',
    clockHz: 48_000_000,
    flash: { base: 0x0800_0000, size: 16 * KIB, waitStates: 2 },
    ram: { base: 0x2000_0000, size: 4 * KIB },
    multiplier: true,
    mulCycles: 1,
    compilerFlags: ['-march=rv32emc', '-mno-div', '-mabi=ilp32e'],
  },
} as const satisfies Record<string, Target>;

export type TargetName = keyof typeof TARGETS;

/** The target of a name; throws `unknown-target` with the known names. */
export function findTarget(name: string): Target {
  const target = (TARGETS as Record<string, Target>)[name];
  if (target !== undefined && Object.hasOwn(TARGETS, name)) return target;
  throw new SimulatorError(
    'unknown-target',
    `target ${JSON.stringify(name)} is not known; choose one of ${Object.keys(TARGETS).join(', ')}`,
  );
}
