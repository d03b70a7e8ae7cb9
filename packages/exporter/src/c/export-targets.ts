// What exportC can lay weights out for: a part's layout is that of its fastest kernels in the simulator's table.
import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
import { unknownName } from '@bitnetmcu/quant';
import { ExporterError } from '../errors.js';

/** Instruction sets with assembly kernels: the ends of the files' names. */
export type Assembly = 'rv32e' | 'thumb';

export interface ExportTarget {
  readonly description: string;
  /** Of the fast kernels. */
  readonly layout: LayoutName;
  /** Assembly that the compiler of this target takes. */
  readonly assembly: readonly Assembly[];
}

function part(name: keyof typeof SIMULATION_TARGETS, assembly: readonly Assembly[]): ExportTarget {
  const { description, defaults } = SIMULATION_TARGETS[name];
  return { description, layout: defaults[0].layout, assembly };
}

export const EXPORT_TARGETS = {
  ch32v003: part('ch32v003', ['rv32e']),
  ch32v002: part('ch32v002', ['rv32e']),
  rp2040: part('rp2040', ['thumb']),
  atmega328p: part('atmega328p', []),
  'cortex-m': { description: 'any Cortex-M; assembly for Armv6-M', layout: 'mul', assembly: ['thumb'] },
  riscv32: {
    description: 'any 32-bit RISC-V with a multiplier; assembly for RV32E',
    layout: 'mul',
    assembly: ['rv32e'],
  },
} as const satisfies Record<string, ExportTarget>;

export type ExportTargetName = keyof typeof EXPORT_TARGETS;
export const EXPORT_TARGET_NAMES = Object.keys(EXPORT_TARGETS) as readonly ExportTargetName[];

/** @throws ExporterError `unknown-target`, naming the nearest known one */
export function findExportTarget(name: string): ExportTarget {
  if (Object.hasOwn(EXPORT_TARGETS, name)) return EXPORT_TARGETS[name as ExportTargetName];
  throw new ExporterError('unknown-target', unknownName('target to export for', name, EXPORT_TARGET_NAMES));
}
