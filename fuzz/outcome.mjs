// What became of a case.

/** Thrown where two implementations do not agree on an accepted input. */
export class Mismatch extends Error {}

/** The kinds of failure, in the order of the table. */
export const FAILURES = ['crash', 'slow', 'memory', 'untyped', 'late', 'mismatch'];

const LONGEST_MESSAGE = 20_000;

/** A refusal is an error with a code in kebab-case and a message that people can read; anything else is a failure. */
export function judge(error) {
  if (error instanceof Mismatch) return { failure: 'mismatch', detail: error.message };
  const typed =
    error instanceof Error &&
    typeof error.code === 'string' &&
    /^[a-z]+(-[a-z0-9]+)*$/.test(error.code) &&
    error.message.length >= 10 &&
    error.message.length <= LONGEST_MESSAGE;
  if (typed) return { refused: error.code };
  return { failure: 'untyped', detail: error instanceof Error ? `${error.stack}`.slice(0, 3000) : String(error) };
}
