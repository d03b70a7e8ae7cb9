// A file of JSON lines that grows line by line: a line is in it whole, or was cut off by the end of a process and is taken back.
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { openRegularFile } from '@bitnetmcu/models/internal/node';
import { StudyError } from '../errors.js';

const PIECE = 2 ** 16;
const NEWLINE = 10;

/**
 * The lines of a file as values, without a last line that was not written to its end; none where there is no such file.
 * @throws StudyError `invalid-records` for a line that is no JSON or longer than `mostBytes`; ModelError `file-error`
 */
export function* readJsonLines(path: string, mostBytes: number): Generator<{ value: unknown; line: number }> {
  const { descriptor } = openRegularFile(path);
  try {
    let line = 0;
    for (const bytes of wholeLines(descriptor, path, mostBytes)) {
      line++;
      if (bytes.length === 0) continue;
      yield { value: parsed(bytes, path, line), line };
    }
  } finally {
    closeSync(descriptor);
  }
}

function parsed(bytes: Uint8Array, path: string, line: number): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new StudyError(
      'invalid-records',
      `${path}: line ${line} is no JSON (${(cause as Error).message}); a record wanted. Remove the line: what it says is found out again.`,
      { cause },
    );
  }
}

function* wholeLines(descriptor: number, path: string, mostBytes: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(PIECE);
  let rest: Buffer[] = [];
  let restBytes = 0;
  for (;;) {
    const count = readSync(descriptor, piece, 0, PIECE, null);
    if (count === 0) return;
    let from = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0 && end < count; end = piece.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...rest, piece.subarray(from, end)]);
      rest = [];
      restBytes = 0;
      from = end + 1;
    }
    rest.push(Buffer.from(piece.subarray(from, count)));
    restBytes += count - from;
    if (restBytes > mostBytes) {
      throw new StudyError(
        'invalid-records',
        `${path} has a line of more than ${mostBytes} bytes; a record wanted. Give the folder of a study.`,
      );
    }
  }
}

export class JsonLinesFile {
  readonly #descriptor: number;

  /** Opens for appending; a last line that was cut off is removed. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'a+');
    try {
      this.#repair();
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** The line is on the disk when this returns; where it cannot be written whole, nothing of it stays. */
  append(value: unknown): void {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    const { size } = fstatSync(this.#descriptor);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.#descriptor, bytes, written);
      fsyncSync(this.#descriptor);
    } catch (error) {
      // Else the next line would be glued to what there is of this one.
      ftruncateSync(this.#descriptor, size);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #repair(): void {
    const { size } = fstatSync(this.#descriptor);
    const piece = Buffer.alloc(PIECE);
    for (let end = size; end > 0; ) {
      const from = Math.max(0, end - PIECE);
      const count = readSync(this.#descriptor, piece, 0, end - from, from);
      const newline = piece.subarray(0, count).lastIndexOf(NEWLINE);
      if (newline >= 0) {
        if (from + newline + 1 < size) ftruncateSync(this.#descriptor, from + newline + 1);
        return;
      }
      end = from;
    }
    if (size > 0) ftruncateSync(this.#descriptor, 0);
  }
}
