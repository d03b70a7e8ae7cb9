// Budgets of `bitnetmcu sim`: limits given as flags, and what a simulation exceeds.
import type { Simulation } from '@bitnetmcu/mcu-runtime/targets';
import { CliError } from '../errors.js';
import { bytes } from '../render/quantities.js';

export interface Budget {
  /** Mean milliseconds of a sample. */
  readonly milliseconds: number | undefined;
  /** Bytes. */
  readonly flash: number | undefined;
  readonly ram: number | undefined;
}

/** @throws CliError `usage` naming the flag */
export function parseBudget(given: {
  readonly maxMs?: string;
  readonly maxFlash?: string;
  readonly maxRam?: string;
}): Budget {
  return {
    milliseconds: given.maxMs === undefined ? undefined : amount('--max-ms', given.maxMs),
    flash: given.maxFlash === undefined ? undefined : byteCount('--max-flash', given.maxFlash),
    ram: given.maxRam === undefined ? undefined : byteCount('--max-ram', given.maxRam),
  };
}

/** @throws CliError `usage` */
export function amount(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new CliError('usage', `${flag} ${text}: a number above 0 is wanted.`);
}

/** Bytes, or with `k`, `kB` or `KiB` behind it units of 1024 bytes. @throws CliError `usage` */
export function byteCount(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(k|kB|KiB|B)?$/i.exec(text.trim());
  const value = match === null ? 0 : Number(match[1]) * (/^k/i.test(match[2] ?? '') ? 1024 : 1);
  if (value > 0) return value;
  throw new CliError('usage', `${flag} ${text}: a number of bytes is wanted, such as 16384 or 16kB.`);
}

/** One sentence for each budget that is exceeded. What is not known (a model that does not fit takes no time) is exceeded too. */
export function exceededBudgets(simulation: Simulation, { milliseconds, flash, ram }: Budget): string[] {
  const problems: string[] = [];
  if (milliseconds !== undefined) {
    if (simulation.kind === 'does-not-fit') problems.push(`it does not fit, so it cannot run in ${milliseconds} ms`);
    else if (simulation.milliseconds.mean > milliseconds) {
      problems.push(`${simulation.milliseconds.mean.toFixed(3)} ms a sample found, at most ${milliseconds} wanted`);
    }
  }
  const usedFlash = simulation.flash.code + simulation.flash.weights;
  if (flash !== undefined && usedFlash > flash)
    problems.push(`${bytes(usedFlash)} of flash found, at most ${bytes(flash)} wanted`);
  const usedRam = simulation.ram.static + (simulation.ram.stack ?? 0);
  if (ram !== undefined && usedRam > ram) problems.push(`${bytes(usedRam)} of RAM found, at most ${bytes(ram)} wanted`);
  return problems;
}
