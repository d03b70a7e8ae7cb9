// All samples through a board, each answer against the reference.
import { type AnswerDifference, SerialReference } from '@bitnetmcu/exporter/internal/node';
import type { QuantizedModel } from '@bitnetmcu/models';
import { CliError } from '../errors.js';
import { Board, type IsWhole } from './board.js';
import { SerialPort } from './serial-port.js';

export interface BoardRequest {
  readonly port: string;
  readonly baud: number;
  /** For each answer. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, secondsLeft: number) => void;
}

/** The first answers that differ are told. */
const TOLD = 5;

export interface BoardVerification {
  readonly samples: number;
  /** Fewer than `samples` where it was interrupted. */
  readonly done: number;
  /** Samples whose answer differs each of two times; logits and classes that differ. */
  readonly differing: number;
  readonly differingLogits: number;
  readonly differingDecisions: number;
  readonly first: readonly (AnswerDifference & { readonly sample: number })[];
  /** Core cycles of an inference, counted by the part. */
  readonly cycles: { readonly mean: number; readonly least: number; readonly most: number } | undefined;
  /** Lines that had to be sent again. */
  readonly repeated: number;
  /** Samples whose answer differed, and was that of the reference when they were sent once more. */
  readonly differedOnce: number;
  readonly seconds: number;
}

/**
 * @param inputs int8 of all samples, one after another
 * @throws CliError `port`, `no-answer`, `not-understood`, `wrong-model`, `check-failed` where the board faults
 */
export async function verifyBoard(
  model: QuantizedModel,
  inputs: Int8Array,
  { port: path, baud, timeoutSeconds, signal, onProgress }: BoardRequest,
): Promise<BoardVerification> {
  const reference = new SerialReference(model);
  const samples = inputs.length / reference.identity.inputs;
  const port = await SerialPort.open(path, baud);
  try {
    const board = new Board(port, {
      ...{ milliseconds: 1000 * timeoutSeconds, signal },
      interrupted: 'Interrupted; the board goes on waiting for samples.',
    });
    const { sha256 } = await board.identify();
    if (sha256 !== reference.identity.sha256) {
      throw new CliError(
        'wrong-model',
        `The board holds the model with SHA-256 ${sha256}; wanted: ${reference.identity.sha256} of ${model.name}. Build its firmware (bitnetmcu firmware --serial) and put it on the board.`,
      );
    }
    return await compareAll(board, reference, inputs, samples, { signal, onProgress });
  } finally {
    port.close();
  }
}

async function compareAll(
  board: Board,
  reference: SerialReference,
  inputs: Int8Array,
  samples: number,
  { signal, onProgress }: Pick<BoardRequest, 'signal' | 'onProgress'>,
): Promise<BoardVerification> {
  const size = reference.identity.inputs;
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const differences: (AnswerDifference & { readonly sample: number })[] = [];
  let [total, least, most, done, differedOnce] = [0, Number.POSITIVE_INFINITY, 0, 0, 0];
  try {
    for (; done < samples && !signal.aborted; done++) {
      const input = inputs.subarray(done * size, (done + 1) * size);
      const isWhole: IsWhole = (given) => reference.isWhole(input, given);
      let answer = await board.infer(input, isWhole);
      if (reference.difference(input, answer) !== undefined) {
        answer = await board.inferAgain(input, isWhole);
        const difference = reference.difference(input, answer);
        if (difference === undefined) differedOnce++;
        else differences.push({ sample: done, ...difference });
      }
      total += answer.cycles;
      least = Math.min(least, answer.cycles);
      most = Math.max(most, answer.cycles);
      onProgress(done + 1, (seconds() / (done + 1)) * (samples - done - 1));
    }
  } catch (error) {
    // What was compared is told.
    if (!CliError.isInstance(error) || error.code !== 'interrupted') throw error;
  }
  return {
    samples,
    done,
    differing: differences.length,
    differingLogits: differences.reduce((sum, { logits }) => sum + logits, 0),
    differingDecisions: differences.filter(({ decision }) => decision).length,
    first: differences.slice(0, TOLD),
    cycles: done === 0 ? undefined : { mean: total / done, least, most },
    repeated: board.repeated,
    differedOnce,
    seconds: seconds(),
  };
}
