// What exportC can lay weights out for: every part of the simulator's records, and two architectures.
import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { kernelVariants, PART_NAMES, type Part, parts } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { PartName } from '@bitnetmcu/mcu-runtime/targets';
import { unknownName } from '@bitnetmcu/quant/internal';
import { ExporterError } from '../errors.js';

/** Instruction sets with kernels of their own, in assembly or, of the DSP extension of Cortex-M, in C: the ends of the files' names. */
export type Assembly = 'rv32e' | 'thumb' | 'avr' | 'dsp';

export interface ExportTarget {
  readonly description: string;
  /** Of the fastest kernels. */
  readonly layout: LayoutName;
  /** All that kernels of this target read. */
  readonly layouts: readonly LayoutName[];
  /** Kernels for instruction sets that the compiler of this target takes. */
  readonly assembly: readonly Assembly[];
}

const ASSEMBLY: Readonly<Record<Part['compiler']['machine'], readonly Assembly[]>> = {
  riscv: ['rv32e'],
  arm: ['thumb'],
  avr: ['avr'],
};

/** Which of them counts is known when it is compiled. */
const CORTEX_M: readonly Assembly[] = ['thumb', 'dsp'];

function partTarget(name: PartName): ExportTarget {
  const { description, compiler, core }: Part = parts[name];
  const layouts = [...new Set(kernelVariants(name).map(({ layout }) => layout))];
  const assembly = core.kind === 'cortex-m' && core.dsp ? CORTEX_M : ASSEMBLY[compiler.machine];
  return { description, layout: layouts[0]!, layouts, assembly };
}

/** Of architectures, whose parts have a multiplier. */
const WITH_MULTIPLIER = {
  layout: 'mul',
  layouts: ['mul', 'mul-small', 'mul-conv', 'mul-coded', 'coded', 'plain'],
} as const;

const ARCHITECTURES = {
  'cortex-m': {
    description: 'any Cortex-M; assembly for Armv6-M, C for the DSP extension',
    ...WITH_MULTIPLIER,
    assembly: CORTEX_M,
  },
  riscv32: {
    description: 'any 32-bit RISC-V with a multiplier; assembly for RV32E',
    ...WITH_MULTIPLIER,
    assembly: ASSEMBLY.riscv,
  },
} as const satisfies Record<string, ExportTarget>;

export type ExportTargetName = PartName | keyof typeof ARCHITECTURES;

/**
 * Every target that C is exported for, by name.
 *
 * @example
 * ```ts
 * import { EXPORT_TARGETS } from '@bitnetmcu/exporter';
 *
 * for (const [name, { description }] of Object.entries(EXPORT_TARGETS)) console.log(name, description);
 * ```
 */
export const EXPORT_TARGETS: Readonly<Record<ExportTargetName, ExportTarget>> = {
  ...(Object.fromEntries(PART_NAMES.map((name) => [name, partTarget(name)])) as Record<PartName, ExportTarget>),
  ...ARCHITECTURES,
};
export const EXPORT_TARGET_NAMES = Object.keys(EXPORT_TARGETS) as readonly ExportTargetName[];

/**
 * The target of that name.
 * @throws ExporterError `unknown-target`, naming the nearest known one
 *
 * @example
 * ```ts
 * import { findExportTarget } from '@bitnetmcu/exporter';
 *
 * const target = findExportTarget('ch32v003');
 * ```
 */
export function findExportTarget(name: string): ExportTarget {
  if (Object.hasOwn(EXPORT_TARGETS, name)) return EXPORT_TARGETS[name as ExportTargetName];
  throw new ExporterError('unknown-target', unknownName('target to export for', name, EXPORT_TARGET_NAMES));
}
