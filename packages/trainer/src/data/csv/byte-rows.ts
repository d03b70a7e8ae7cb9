// Rows of a table straight into bytes, in blocks that grow as the file is read.
import { runInSlices, type Steps } from '../slices.js';
import { ByteScale, type ValueRange } from '../value-range.js';

/** Bytes that one block holds at least one row of. */
const BLOCK_BYTES = 2 ** 22;

export class ByteRowsBuilder {
  readonly #scale: ByteScale;
  readonly #rowsOfBlock: number;
  readonly #blocks: Uint8Array[] = [];
  #block = new Uint8Array(0);
  #at = 0;
  #rows = 0;

  /** @param range values that become 0 and 255; absent: they are bytes already */
  constructor(
    readonly width: number,
    range: ValueRange,
  ) {
    this.#scale = new ByteScale(range, width);
    this.#rowsOfBlock = Math.max(1, Math.floor(BLOCK_BYTES / width));
  }

  /** Begins a row; `width` values follow. */
  beginRow(): void {
    if (this.#rows++ % this.#rowsOfBlock !== 0) return;
    this.#at = 0;
    this.#block = new Uint8Array(this.#rowsOfBlock * this.width);
    this.#blocks.push(this.#block);
  }

  /** A whole number from 0 to 255; false, and nothing done, if it is outside the range. */
  putWhole(value: number): boolean {
    const byte = this.#scale.convertWhole(value);
    if (byte < 0) return false;
    this.#block[this.#at++] = byte;
    return true;
  }

  /** @param place where the value stands, for messages */
  put(value: number, feature: number, place: () => string): void {
    this.#block[this.#at++] = this.#scale.convert(value, feature, place);
  }

  /** All rows, and what is to be said of their values. @throws TrainerError `invalid-data` if values need a range */
  async finish(source: string, title: (feature: number) => string): Promise<{ bytes: Uint8Array; notes: string[] }> {
    this.#scale.check(source);
    const bytes = await runInSlices(joined(this.#blocks, new Uint8Array(this.#rows * this.width)));
    return { bytes, notes: this.#scale.notes(source, title) };
  }
}

/** The blocks one after another in `whole`; each is given up as soon as it is copied. */
function* joined(blocks: Uint8Array[], whole: Uint8Array): Steps<Uint8Array> {
  let at = 0;
  for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) {
    const part = block.subarray(0, whole.length - at);
    whole.set(part, at);
    at += part.length;
    yield;
  }
  return whole;
}
