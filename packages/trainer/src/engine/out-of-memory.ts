// The refusal of a network whose memory the machine does not give.
import { TrainerError } from '../errors.js';

/** @param bytes what the plan of the network takes */
export function outOfMemory(bytes: number, cause: unknown): TrainerError {
  return new TrainerError(
    'invalid-argument',
    `Training this network takes ${Math.ceil(bytes / 2 ** 20)} MiB at once, which this engine cannot have (${(cause as Error).message}). Use a smaller batch, a smaller input, or fewer channels.`,
    { cause },
  );
}
