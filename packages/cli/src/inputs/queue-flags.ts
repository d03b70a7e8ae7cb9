// Flags of what works with a queue. A password in an argument would stand in every list of processes: it is refused there.
import { holdsPassword } from '@bitnetmcu/studies/internal';
import { CliError } from '../errors.js';
import { wholeNumber } from './whole-number.js';

export const REDIS_HELP =
  'Redis, redis://host:port or rediss:// with TLS (default: REDIS_URL; a login in REDIS_USERNAME and REDIS_PASSWORD)';

/** Undefined: the environment says it. @throws CliError `usage` */
export function redisFlag(given: string | true | undefined): string | undefined {
  if (given === undefined || given === true) return undefined;
  if (!holdsPassword(given)) return given;
  throw new CliError(
    'usage',
    '--redis has a password in it, which everybody on this machine can read in the list of processes. Set REDIS_URL to the address instead, or REDIS_PASSWORD to the password.',
  );
}

/** A share, 0 to 1, of a text like 2%; a number alone could be meant either way. @throws CliError `usage` */
export function auditFlag(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = Number(text.replace(/%$/, '')) / 100;
  if (/^\d+(\.\d+)?%$/.test(text) && share <= 1) return share;
  throw new CliError('usage', `--audit ${text}: a share of the runs, 0% to 100%, with its % is wanted.`);
}

export interface LimitFlags {
  readonly limitSeconds?: string;
  readonly limitMemory?: string;
}

/** What a run may take. @throws CliError `usage` */
export function limitFlags({ limitSeconds, limitMemory }: LimitFlags): { seconds?: number; memory?: number } {
  const seconds = wholeNumber('--limit-seconds', limitSeconds);
  const mebibytes = wholeNumber('--limit-memory', limitMemory);
  return { ...(seconds && { seconds }), ...(mebibytes && { memory: mebibytes * 2 ** 20 }) };
}
