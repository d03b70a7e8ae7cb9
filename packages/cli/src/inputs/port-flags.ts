// Options of commands that talk to a board.
import { CliError } from '../errors.js';

export const BAUD = 115_200;
export const TIMEOUT_SECONDS = 10;

/** @throws CliError `usage` */
export function baudOf(text: string | undefined): number {
  return text === undefined ? BAUD : wholeNumber('--baud', text, 300, 4_000_000);
}

/** @throws CliError `usage` */
export function timeoutOf(text: string | undefined): number {
  return text === undefined ? TIMEOUT_SECONDS : wholeNumber('--timeout', text, 1, 3600);
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new CliError('usage', `${flag} ${text}: a whole number from ${least} to ${most} is wanted.`);
}
