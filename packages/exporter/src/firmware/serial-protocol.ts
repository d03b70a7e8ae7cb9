// The line protocol of firmware that is compiled with BNM_SERIAL (firmware/serial/serial.h of the runtime), as whoever sends the commands sees it.

/** Asks who is there. */
export const IDENTIFY = '?\n';
/** Ends the program. */
export const END_OF_CONVERSATION = 4;

/** What firmware says of itself. */
export interface FirmwareIdentity {
  /** Of the model file (`.bnm`), in hex. */
  readonly sha256: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** What firmware made of a sample. */
export interface SerialAnswer {
  /** The class, or 1 for an anomaly and else 0; undefined of other tasks. */
  readonly decision: number | undefined;
  readonly logits: Int32Array;
  /** Core cycles of the inference, as the part counted them. */
  readonly cycles: number;
  /** The last byte of the line that is answered. */
  readonly sum: number;
}

/** A line of what firmware sent. */
export type SerialLineRead =
  | { readonly kind: 'identity'; readonly identity: FirmwareIdentity }
  | { readonly kind: 'decision'; readonly decision: number }
  | { readonly kind: 'logits'; readonly logits: Int32Array }
  | { readonly kind: 'cycles'; readonly cycles: number; readonly sum: number }
  | { readonly kind: 'error' }
  /** A fault of the core, which ends the program. */
  | { readonly kind: 'fault' }
  | { readonly kind: 'other' };

/** The last byte of a sample's line: what makes the sum of all bytes 0, modulo 256. */
export function sampleSum(input: Int8Array): number {
  return -input.reduce((total, value) => total + value, 0) & 0xff;
}

/** The line that sends a sample: its int8 as pairs of hex digits, then its sum. */
export function sampleCommand(input: Int8Array): string {
  const hex = Array.from([...Uint8Array.from(input), sampleSum(input)], (byte) => byte.toString(16).padStart(2, '0'));
  return `:${hex.join('')}\n`;
}

/** @param line without its end; of whatever is at the other end, so that anything may be in it */
export function readSerialLine(line: string): SerialLineRead {
  const identity = /^bitnetmcu 2 ([0-9a-f]{64}) (\d{1,9}) (\d{1,9})$/.exec(line);
  if (identity) {
    const [, sha256, inputs, outputs] = identity;
    return { kind: 'identity', identity: { sha256: sha256!, inputs: Number(inputs), outputs: Number(outputs) } };
  }
  const decision = /^(?:class|anomaly) (\d{1,9})$/.exec(line);
  if (decision) return { kind: 'decision', decision: Number(decision[1]) };
  const numbers = /^logits((?: -?\d{1,10})+)$/.exec(line);
  if (numbers) {
    const values = numbers[1]!.slice(1).split(' ').map(Number);
    const areInt32 = values.every((value) => value === (value | 0));
    return areInt32 ? { kind: 'logits', logits: Int32Array.from(values) } : { kind: 'other' };
  }
  const cycles = /^cycles (\d{1,10}) (\d{1,3})$/.exec(line);
  if (cycles) return { kind: 'cycles', cycles: Number(cycles[1]), sum: Number(cycles[2]) };
  if (line === 'error') return { kind: 'error' };
  return /^FAULT /.test(line) ? { kind: 'fault' } : { kind: 'other' };
}

/** Collects the lines of an answer. */
export class AnswerReader {
  #decision: number | undefined;
  #logits: Int32Array | undefined;

  /** Gives the answer with its last line. */
  add(line: SerialLineRead): SerialAnswer | undefined {
    if (line.kind === 'decision') {
      this.#decision = line.decision;
      this.#logits = undefined;
    }
    if (line.kind === 'logits') {
      // Of an answer whose end was lost.
      if (this.#logits !== undefined) this.#decision = undefined;
      this.#logits = line.logits;
    }
    if (line.kind !== 'cycles') return undefined;
    const { cycles, sum } = line;
    const answer = this.#logits && { decision: this.#decision, logits: this.#logits, cycles, sum };
    this.#decision = undefined;
    this.#logits = undefined;
    return answer;
  }
}

/** All answers in what firmware printed. */
export function readAnswers(output: string): readonly SerialAnswer[] {
  const reader = new AnswerReader();
  return output
    .split(/[\r\n]+/)
    .map((line) => reader.add(readSerialLine(line)))
    .filter((answer) => answer !== undefined);
}

/** Who is there, by what firmware printed; the last that it says. */
export function readIdentity(output: string): FirmwareIdentity | undefined {
  return output.split(/[\r\n]+/).reduce<FirmwareIdentity | undefined>((found, line) => {
    const read = readSerialLine(line);
    return read.kind === 'identity' ? read.identity : found;
  }, undefined);
}
