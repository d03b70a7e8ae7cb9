// A board whose firmware answers commands (`firmware --serial`): asked who it is, sent samples. Nothing waits for ever.
import {
  AnswerReader,
  type FirmwareIdentity,
  IDENTIFY,
  readSerialLine,
  type SerialAnswer,
  type SerialLineRead,
  sampleCommand,
} from '@bitnetmcu/exporter/internal/node';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';
import { askUntil, nextLine, type Patience, send } from './ask-until.js';
import type { SerialPort } from './serial-port.js';

/** How often a sample is sent whose answer does not come, or not whole. */
const ATTEMPTS = 3;
/** A board that has something to say does not pause that long: a line of 100 characters takes 10 ms. */
const QUIET_MILLISECONDS = 200;
/** Of a line, in messages. */
const SHOWN_CHARACTERS = 60;
/** Behind the end of a line that was left unfinished; an empty line is no command. */
const QUESTION = `\n${IDENTIFY}`;

/** Whether an answer has all its lines, and may be that to the sample. */
export type IsWhole = (answer: SerialAnswer) => boolean;

export class Board {
  /** Lines that had to be sent again. */
  repeated = 0;
  /** The last line of this sample that does not say who is there. */
  #heard: string | undefined;

  constructor(
    private readonly port: SerialPort,
    private readonly patience: Patience,
  ) {}

  /** @throws CliError `no-answer`, `not-understood`, `check-failed` where its core faults, `interrupted` */
  async identify(): Promise<FirmwareIdentity> {
    const { port } = this;
    const identity = await askUntil(port, QUESTION, this.patience, (line) => {
      const read = this.#read(line);
      return read.kind === 'identity' ? read.identity : undefined;
    });
    if (identity !== undefined) {
      await this.#settle(() => {});
      return identity;
    }
    if (port.bytes === 0) throw this.#noAnswer(`Nothing came from ${this.#name} within ${this.#seconds} s`);
    throw new CliError(
      'not-understood',
      `${this.#name} says ${port.said}; wanted: \`bitnetmcu 2 …\`, which firmware of this version's \`bitnetmcu firmware --serial\` answers. Is it another program, one of an earlier version, another rate (--baud), or another port?`,
    );
  }

  /**
   * What the board makes of a sample. Answers to other samples, which came late or twice, are passed over, but for those with the same sum.
   * @throws CliError `no-answer`, `not-understood`, `check-failed` where its core faults, `interrupted`
   */
  async infer(input: Int8Array, isWhole: IsWhole): Promise<SerialAnswer> {
    const command = sampleCommand(input);
    this.#heard = undefined;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) this.repeated++;
      await send(this.port, command, this.patience);
      const sent = performance.now();
      const answer = (await this.#answer(sent, isWhole)) ?? (await this.#resynchronize(sent, isWhole));
      if (answer !== undefined) return answer;
    }
    if (this.#heard === undefined) {
      throw this.#noAnswer(
        `No answer to a sample came from ${this.#name} within ${this.#seconds} s, each of the ${ATTEMPTS} times that it was sent, though \`?\` is answered`,
      );
    }
    throw new CliError(
      'not-understood',
      `${this.#name} says ${shown(this.#heard)} to a sample that was sent ${ATTEMPTS} times; wanted: class, logits and cycles. Is the line noisy, or too fast (--baud)?`,
    );
  }

  /**
   * The same once more, when nothing of the first answer is left: a sum of 8 bits may be that of another sample, and noise may change a digit.
   * @throws CliError as `infer`
   */
  async inferAgain(input: Int8Array, isWhole: IsWhole): Promise<SerialAnswer> {
    this.#heard = undefined;
    await this.#resynchronize(performance.now(), isWhole);
    return await this.infer(input, isWhole);
  }

  /** Undefined where it says that it did not understand, where a line of the answer was lost, and where time is up. */
  async #answer(sent: number, isWhole: IsWhole): Promise<SerialAnswer | undefined> {
    const reader = new AnswerReader();
    const deadline = sent + this.patience.milliseconds;
    for (;;) {
      const line = await nextLine(this.port, deadline, this.patience);
      if (line === undefined) return undefined;
      const read = this.#read(line);
      if (read.kind === 'error') return undefined;
      const answer = reader.add(read);
      if (answer !== undefined && isWhole(answer)) return answer;
    }
  }

  /**
   * Waits until the board is at the beginning of a line and says nothing: lines are answered in their order, so that nothing of earlier ones
   * comes behind the answer to a question. Gives the sample's answer where that comes meanwhile: an `error` was that of an earlier line then.
   * @param sent when the sample was sent
   */
  async #resynchronize(sent: number, isWhole: IsWhole): Promise<SerialAnswer | undefined> {
    const reader = new AnswerReader();
    let [answer, took]: [SerialAnswer | undefined, number] = [undefined, 0];
    const take = (line: string) => {
      const read = this.#read(line);
      const found = reader.add(read);
      if (found !== undefined && isWhole(found)) [answer, took] = [found, performance.now() - sent];
      return read.kind === 'identity' ? true : undefined;
    };
    await this.#settle(take);
    const isThere = await askUntil(this.port, QUESTION, this.patience, take);
    await this.#settle(take);
    if (took > this.patience.milliseconds) {
      throw new CliError(
        'no-answer',
        `The answer to a sample came too late from ${this.#name}: ${(took / 1000).toFixed(1)} s behind it; wanted: within ${this.#seconds} s. Give it more time: --timeout.`,
      );
    }
    if (isThere) return answer;
    if (this.#heard === undefined) {
      throw this.#noAnswer(
        `No answer to a sample came from ${this.#name} within ${this.#seconds} s, and none to \`?\` in as long behind it`,
      );
    }
    throw new CliError(
      'not-understood',
      `${this.#name} says ${shown(this.#heard)} to a sample, and does not tell any more who it is; wanted: class, logits and cycles. Was it reset, or is the line noisy?`,
    );
  }

  /** @throws CliError `check-failed` */
  #read(line: string): SerialLineRead {
    const read = readSerialLine(line);
    if (read.kind === 'fault')
      throw new CliError(
        'check-failed',
        `The board's core faulted: ${shown(line)}. Reset it, and check its clock and supply.`,
      );
    // Who is there may come late, from a board that was asked more than once while it began.
    if (read.kind !== 'identity') this.#heard = line;
    return read;
  }

  /** Waits until nothing comes any more. @throws CliError `not-understood` where something always does */
  async #settle(take: (line: string) => void): Promise<void> {
    const end = performance.now() + this.patience.milliseconds;
    for (;;) {
      const { bytes } = this.port;
      const line = await nextLine(this.port, performance.now() + QUIET_MILLISECONDS, this.patience);
      if (line !== undefined) take(line);
      else if (this.port.bytes === bytes) break;
      if (performance.now() > end) {
        throw new CliError(
          'not-understood',
          `${this.#name} does not stop talking: ${this.port.said}; wanted: a board that waits for commands. Is it resetting again and again? Check its supply.`,
        );
      }
    }
    this.port.clear();
  }

  get #name(): string {
    return visibleText(this.port.path);
  }

  get #seconds(): number {
    return this.patience.milliseconds / 1000;
  }

  #noAnswer(what: string): CliError {
    return new CliError(
      'no-answer',
      `${what}; wanted: firmware of \`bitnetmcu firmware --serial\`. Is the board powered, and are both lines connected, its receiver to the adapter's transmitter? More time: --timeout.`,
    );
  }
}

function shown(line: string): string {
  return JSON.stringify(visibleText(line.slice(0, SHOWN_CHARACTERS)));
}
