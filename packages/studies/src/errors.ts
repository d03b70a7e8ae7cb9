// The one error class of this package: a stable code for programs, a message for people.
import { BitnetmcuError } from '@bitnetmcu/quant';

/** What went wrong, in kebab-case; codes are part of the public interface. */
export type StudyErrorCode =
  /** A study, a search space, a budget or an argument fails its schema. */
  | 'invalid-study'
  /** An argument is out of its range. */
  | 'invalid-argument'
  /** A folder of records holds something else, or records of another version. */
  | 'invalid-records'
  /** A run of the study ended badly: its process crashed, ran out of memory or time, or the training failed. */
  | 'run-failed'
  /** A search ended without a network that keeps its budget. */
  | 'nothing-found'
  /** A queue cannot be reached, refuses the login or holds jobs of another version. */
  | 'queue-failed'
  /** Two machines gave different results for the same run. */
  | 'machines-differ';

/**
 * Every mistake that a user can make with studies, records and queues; the message names what was found, what is wanted and what to do.
 *
 * @example
 * ```ts
 * import { StudyError } from '@bitnetmcu/studies';
 *
 * const isMine = (error: unknown) => StudyError.isInstance(error);
 * ```
 */
export class StudyError extends BitnetmcuError<StudyErrorCode> {
  static override readonly className: string = 'StudyError';
}
