// A whole number of an option.
import { CliError } from '../errors.js';

export interface NumberRange {
  /** Default 1. */
  readonly least?: number;
  /** Default: as large as a number is exact. */
  readonly most?: number;
}

/** Digits alone; undefined where the option was not given. @throws CliError `usage` */
export function wholeNumber(flag: string, text: string, range?: NumberRange): number;
export function wholeNumber(flag: string, text: string | undefined, range?: NumberRange): number | undefined;
export function wholeNumber(
  flag: string,
  text: string | undefined,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: NumberRange = {},
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const from = least === 1 ? 'above 0' : `from ${least} on`;
  const wanted = most === Number.MAX_SAFE_INTEGER ? from : `from ${least} to ${most}`;
  throw new CliError('usage', `${flag} ${text}: a whole number ${wanted} is wanted.`);
}
