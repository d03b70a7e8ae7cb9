// The exit codes of the command: the table that the help, the README and the code share.

/**
 * The exit codes of the command by meaning.
 *
 * @example
 * ```ts
 * import { EXIT_CODES, main } from '@bitnetmcu/cli';
 *
 * if ((await main(['verify', 'model.bnm'])) === EXIT_CODES.checkFailed) console.log('logits differ');
 * ```
 */
export const EXIT_CODES = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  badInput: 3,
  missingPart: 4,
  bug: 70,
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** What each exit code means, for the help. */
export const EXIT_CODE_MEANINGS: Readonly<Record<ExitCode, string>> = {
  0: 'success',
  1: 'a check failed: verification found mismatches, training diverged, a network cannot be exported, a budget is exceeded, --strict found a warning',
  2: 'wrong usage: an unknown command, option or configuration key, or a value out of range; files that are in the way',
  3: 'bad input: a file is missing, damaged or not what it should be',
  4: 'something that this needs is not there: a data set, a compiler, an engine',
  70: 'a bug in bitnetmcu; the stack trace is printed, please report it',
  129: 'the terminal was closed; what can be saved was saved',
  130: 'interrupted (Ctrl-C); what can be saved was saved',
  143: 'told to end (SIGTERM); what can be saved was saved',
};
