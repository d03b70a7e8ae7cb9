// A board whose firmware answers commands (`firmware --serial`): asked who it is, sent samples. Nothing waits for ever.
import {
  AnswerReader,
  type FirmwareIdentity,
  IDENTIFY,
  readSerialLine,
  type SerialAnswer,
  sampleCommand,
} from '@bitnetmcu/exporter/internal/node';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';
import type { SerialPort } from './serial-port.js';

/** How often a line that was not understood, or not answered, is sent. */
const ATTEMPTS = 3;
/** Between questions of who is there: a board that begins anew when its port is opened takes a second or two. */
const ASK_MILLISECONDS = 1000;
/** A board that has something to say does not pause that long: a line of 100 characters takes 10 ms. */
const QUIET_MILLISECONDS = 200;
const SHOWN_CHARACTERS = 60;

/** How long a board may take. */
export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

export class Board {
  /** Lines that had to be sent again. */
  repeated = 0;
  #last = '';

  constructor(
    private readonly port: SerialPort,
    private readonly patience: Patience,
  ) {}

  /** @throws CliError `no-answer`, `not-understood`, `interrupted` */
  async identify(): Promise<FirmwareIdentity> {
    const { port } = this;
    const end = performance.now() + this.patience.milliseconds;
    while (performance.now() < end) {
      // The end of a line that an earlier program left unfinished, then the question.
      await port.write(`\n${IDENTIFY}`);
      const deadline = Math.min(end, performance.now() + ASK_MILLISECONDS);
      for (let line = await this.#line(deadline); line !== undefined; line = await this.#line(deadline)) {
        const read = readSerialLine(line);
        if (read.kind === 'fault') throw faulted(line);
        if (read.kind === 'identity') {
          await this.#settled();
          return read.identity;
        }
      }
    }
    if (port.bytes === 0) throw this.#noAnswer('Nothing');
    throw new CliError(
      'not-understood',
      `${visibleText(port.path)} says ${this.#said()}; wanted: \`bitnetmcu 1 …\`, which firmware of \`bitnetmcu firmware --serial\` answers. Is it another program, another rate (--baud), or another port?`,
    );
  }

  /**
   * What the board makes of a sample.
   * @throws CliError `no-answer`, `not-understood`, `check-failed` where its core faults, `interrupted`
   */
  async infer(input: Int8Array): Promise<SerialAnswer> {
    const command = sampleCommand(input);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1) this.repeated++;
      const before = this.port.bytes;
      // What is left of a line that went wrong ends here; an empty line is no command.
      await this.port.write(attempt === 1 ? command : `\n${command}`);
      const answer = await this.#answer(performance.now() + this.patience.milliseconds);
      if (answer !== undefined) return answer;
      if (attempt === ATTEMPTS && this.port.bytes === before) throw this.#noAnswer('No answer to a sample');
    }
    throw new CliError(
      'not-understood',
      `${visibleText(this.port.path)} says ${this.#said()} to a sample that was sent ${ATTEMPTS} times; wanted: class, logits and cycles. Is the line noisy, or too fast (--baud)?`,
    );
  }

  async #answer(deadline: number): Promise<SerialAnswer | undefined> {
    const reader = new AnswerReader();
    for (;;) {
      const line = await this.#line(deadline);
      if (line === undefined) {
        // What comes too late must not be taken for the next answer.
        await this.#settled();
        return undefined;
      }
      const read = readSerialLine(line);
      if (read.kind === 'fault') throw faulted(line);
      // The line was dropped, and the board is ready for the next.
      if (read.kind === 'error') return undefined;
      // Who is there may still come, from a board that was asked more than once while it began.
      const answer = reader.add(read);
      if (answer !== undefined) return answer;
    }
  }

  /** Waits until nothing comes any more, and forgets what came. */
  async #settled(): Promise<void> {
    while ((await this.#line(performance.now() + QUIET_MILLISECONDS)) !== undefined) {
      // Only what comes behind it counts.
    }
    this.port.clear();
  }

  /** @throws CliError `interrupted` */
  async #line(deadline: number): Promise<string | undefined> {
    const { signal } = this.patience;
    const line = await this.port.line(deadline, signal);
    if (signal.aborted) throw new CliError('interrupted', 'Interrupted; the board goes on waiting for samples.');
    if (line !== undefined) this.#last = line;
    return line;
  }

  #said(): string {
    const text = this.#last === '' ? this.port.rest : this.#last;
    return JSON.stringify(visibleText(text.slice(0, SHOWN_CHARACTERS)));
  }

  #noAnswer(what: string): CliError {
    return new CliError(
      'no-answer',
      `${what} came from ${visibleText(this.port.path)} within ${this.patience.milliseconds / 1000} s; wanted: firmware of \`bitnetmcu firmware --serial\`. Is the board powered, and are both lines connected, its receiver to the adapter's transmitter? More time: --timeout.`,
    );
  }
}

function faulted(line: string): CliError {
  return new CliError(
    'check-failed',
    `The board's core faulted: ${visibleText(line.slice(0, SHOWN_CHARACTERS))}. Reset it, and check its clock and supply.`,
  );
}
