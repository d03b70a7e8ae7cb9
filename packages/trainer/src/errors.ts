// The one error class of this package: a stable code for programs, a message for people.
import { BitnetmcuError } from '@bitnetmcu/quant';

/** What went wrong, in kebab-case; codes are part of the public interface. */
export type TrainerErrorCode =
  /** A data file is truncated, malformed or inconsistent. */
  | 'invalid-data'
  /** A data set (or one of its files) is not where it was looked for and could not be fetched. */
  | 'data-not-found'
  /** A file's SHA-256 or integrity is not the pinned one. */
  | 'checksum-mismatch'
  /** A checkpoint is truncated, altered or of another version. */
  | 'invalid-checkpoint'
  /** A checkpoint and the configuration or data it is resumed with do not belong together. */
  | 'checkpoint-mismatch'
  /** A network to start from has other layers than the one that is trained. */
  | 'initial-mismatch'
  /** The output folder holds another run. */
  | 'run-exists'
  /** A training configuration fails its schema. */
  | 'invalid-config'
  /** An argument is out of its range. */
  | 'invalid-argument'
  /** The engine cannot train this layer; the message names the layer and what there is instead. */
  | 'unsupported-layer'
  /** A network, a batch or a data set takes more memory than there is. */
  | 'out-of-memory'
  /** The engine asked for does not load on this machine. */
  | 'engine-unavailable'
  /** A network needs an operation, function or number format that the compiled engine does not have. */
  | 'engine-mismatch'
  /** The loss became infinite or not a number. */
  | 'diverged'
  /** The augmentation worker ended or failed. */
  | 'worker-failed';

/**
 * Every mistake that a user can make with data, configurations, checkpoints and engines; the message names what was found, what is wanted and
 * what to do.
 *
 * @example
 * ```ts
 * import { createTrainingRun, TrainerError } from '@bitnetmcu/trainer';
 *
 * try {
 *   await createTrainingRun({ epochs: -1 });
 * } catch (error) {
 *   if (TrainerError.isInstance(error)) console.log(error.code, error.message); // invalid-config epochs: …
 * }
 * ```
 */
export class TrainerError extends BitnetmcuError<TrainerErrorCode> {
  static override readonly className: string = 'TrainerError';
}
