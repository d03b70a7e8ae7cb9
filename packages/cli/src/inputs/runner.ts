// Who makes the runs of a study: processes of this machine, or the workers of a queue.
import { availableParallelism } from 'node:os';
import { visibleText } from '@bitnetmcu/models/internal';
import { createLocalPool, createQueueRunner, type Runner, type StudyError } from '@bitnetmcu/studies';
import { CliError } from '../errors.js';
import { shellWord } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';
import { auditFlag, type LimitFlags, limitFlags, redisFlag } from './queue-flags.js';
import { wholeNumber } from './whole-number.js';

export interface RunnerFlags extends LimitFlags {
  readonly jobs?: string;
  readonly redis?: string | true;
  readonly ahead?: string;
  readonly audit?: string;
}

export interface ChosenRunner {
  readonly runner: Runner;
  /** For people. */
  readonly where: string;
  /** Waits for runs that are repeated elsewhere; what came out otherwise. */
  audited(): Promise<readonly StudyError[]>;
}

/** @throws CliError `usage`; StudyError `queue-failed`, `invalid-argument` */
export async function chosenRunner(given: RunnerFlags, terminal: Terminal): Promise<ChosenRunner> {
  if (given.redis === undefined) {
    refuse(given, ['ahead', 'audit'], 'is for runs on a queue: give --redis as well');
    const jobs = wholeNumber('--jobs', given.jobs) ?? availableParallelism();
    const runner = createLocalPool({ processes: jobs, limits: limitFlags(given) });
    return { runner, where: `${jobs} at a time`, audited: async () => [] };
  }
  refuse(given, ['jobs', 'limitSeconds', 'limitMemory'], 'is a matter of each worker: give it to `bitnetmcu worker`');
  const runner = await createQueueRunner({
    redis: redisFlag(given.redis),
    ahead: wholeNumber('--ahead', given.ahead),
    audit: auditFlag(given.audit),
    onNotice: (text) => terminal.note(visibleText(text)),
  });
  return { runner, where: `by the workers of ${runner.address}`, audited: () => runner.audited() };
}

/** Those of the flags that were given, as they are to be typed once more. */
export function runnerFlags({ redis, jobs, limitSeconds, limitMemory, ahead, audit }: RunnerFlags): string {
  const flags = {
    '--redis': redis,
    '--jobs': jobs,
    '--limit-seconds': limitSeconds,
    '--limit-memory': limitMemory,
    '--ahead': ahead,
    '--audit': audit,
  };
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => (value === true ? ` ${flag}` : ` ${flag} ${shellWord(value as string)}`))
    .join('');
}

function refuse(given: RunnerFlags, flags: readonly (keyof RunnerFlags)[], why: string): void {
  const found = flags.find((flag) => given[flag] !== undefined);
  if (found === undefined) return;
  const flag = `--${found.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new CliError('usage', `${flag} ${why}, or leave it away.`);
}
