// Rows of numbers as files have them, in the narrowest arrays that hold them exactly.
import { runInSlices, type Steps } from '../slices.js';

/** Values of a block: enough for long inner loops, few enough that one fraction does not widen much. */
const BLOCK_VALUES = 2 ** 18;

/** Rows of numbers; a missing one is NaN. */
export interface ValueRows {
  readonly count: number;
  /** Values of a row. */
  readonly width: number;
  /** Rows in order; values row by row. */
  readonly blocks: readonly { readonly values: ArrayLike<number>; readonly rows: number }[];
}

/** Bytes, 16-bit integers, decimals of at most 6 digits (which float32 gives back), anything. */
const KINDS = [Uint8Array, Int16Array, Float32Array, Float64Array] as const;
type Kind = 0 | 1 | 2 | 3;
type Block = InstanceType<(typeof KINDS)[Kind]>;

/** Takes rows as they are read. */
export class ValueRowsBuilder {
  readonly #rowsOfBlock: number;
  readonly #blocks: Block[] = [];
  #kind: Kind = 0;
  #block: Block = new Uint8Array(0);
  #at = 0;
  count = 0;

  constructor(readonly width: number) {
    this.#rowsOfBlock = Math.max(1, Math.floor(BLOCK_VALUES / width));
  }

  /** Begins a row; `width` values follow. */
  beginRow(): void {
    if (this.count++ % this.#rowsOfBlock !== 0) return;
    this.#kind = 0;
    this.#at = 0;
    this.#block = new Uint8Array(this.#rowsOfBlock * this.width);
    this.#blocks.push(this.#block);
  }

  /** The next value of the row: a whole number from 0 to 255. */
  putByte(value: number): void {
    this.#block[this.#at++] = value;
  }

  /** The next value of the row. @param digits decimal digits that write it, without leading zeros and exponent */
  put(value: number, digits: number): void {
    const kind = kindOf(value, digits);
    if (kind > this.#kind) this.#widen(kind);
    this.#block[this.#at++] = value;
  }

  #widen(kind: Kind): void {
    const wider = new KINDS[kind](this.#block.length);
    wider.set(this.#block);
    this.#kind = kind;
    this.#block = wider;
    this.#blocks[this.#blocks.length - 1] = wider;
  }

  finish(): ValueRows {
    const { count, width } = this;
    const blocks = this.#blocks.map((values, i) => ({
      values,
      rows: Math.min(this.#rowsOfBlock, count - i * this.#rowsOfBlock),
    }));
    return { count, width, blocks };
  }
}

function kindOf(value: number, digits: number): Kind {
  if (Number.isInteger(value)) {
    if (value >= 0 && value <= 255) return 0;
    if (value >= -32_768 && value <= 32_767) return 1;
  }
  return digits <= 6 && (Number.isNaN(value) || Math.abs(value) < 1e30) ? 2 : 3;
}

/** An array of rows as one block. */
export function arrayRows(values: ArrayLike<number>, width: number): ValueRows {
  const count = Math.floor(values.length / width);
  return { count, width, blocks: [{ values, rows: count }] };
}

/** Several tables of the same width, one after another. */
export function joinedRows(parts: readonly ValueRows[]): ValueRows {
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    width: parts[0]!.width,
    blocks: parts.flatMap(({ blocks }) => blocks),
  };
}

/** Calls with each row: its number, the values it is in, and where it begins there. */
export function* eachRow(
  { blocks, width }: ValueRows,
  visit: (row: number, values: ArrayLike<number>, begin: number) => void,
): Steps<void> {
  let row = 0;
  const pause = Math.max(1, Math.floor(2 ** 16 / width));
  for (const { values, rows } of blocks) {
    for (let i = 0; i < rows; i++, row++) {
      visit(row, values, i * width);
      if (row % pause === 0) yield;
    }
  }
}

/** As `eachRow`, giving other work a turn. */
export const visitRows = (rows: ValueRows, visit: Parameters<typeof eachRow>[1]): Promise<void> =>
  runInSlices(eachRow(rows, visit));
