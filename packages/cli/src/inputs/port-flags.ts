// Options of commands that talk to a board.
import { CliError } from '../errors.js';
import { wholeNumber } from './whole-number.js';

export const BAUD = 115_200;
export const TIMEOUT_SECONDS = 10;

export interface PortFlags {
  readonly port?: string;
  readonly baud?: string;
  readonly timeout?: string;
}

/** @throws CliError `usage` */
export function baudOf(text: string | undefined): number {
  return wholeNumber('--baud', text, { least: 300, most: 4_000_000 }) ?? BAUD;
}

/** @throws CliError `usage` */
export function timeoutOf(text: string | undefined): number {
  return wholeNumber('--timeout', text, { least: 1, most: 3600 }) ?? TIMEOUT_SECONDS;
}

/** Refuses what is of boards alone where no board is asked. @throws CliError `usage` */
export function requirePort(given: PortFlags): void {
  if (given.port !== undefined) return;
  const useless = (['baud', 'timeout'] as const).filter((key) => given[key] !== undefined);
  if (useless.length > 0) throw new CliError('usage', `Without --port there is no use for ${useless.join(', ')}.`);
}
