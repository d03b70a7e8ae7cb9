// Rows of a table without labels and roles: what is classified one row after another, from a file or from standard input.
import { TrainerError } from '../../errors.js';
import { decodeText, openCsvText, type TextEncoding } from './csv-text.js';
import { type DecimalMark, markOfTable, type TableMark } from './decimal-mark.js';
import { isComment } from './dialect.js';
import { isMissing, parseNumber } from './numbers.js';
import { type OpenOptions, openCsv } from './open-csv.js';
import { parseRows } from './rows.js';

/** More rows than this are not held in memory. */
const MAX_ROWS = 100_000;

export interface PlainRow {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
  /** The number in each cell; undefined where there is none. */
  readonly numbers: readonly (number | undefined)[];
}

export interface PlainRows {
  /** Names of the columns, where the first row has them. */
  readonly names: readonly string[] | undefined;
  readonly rows: readonly PlainRow[];
  /** With which decimal mark the numbers were read, and whether the table said so itself. */
  readonly mark: TableMark;
}

export interface PlainRowsOptions extends OpenOptions {
  /** Names of columns. */
  readonly known?: readonly string[];
  readonly encoding?: TextEncoding | undefined;
  /** How tables of this kind are written: taken where this one leaves it open. */
  readonly usual?: {
    readonly decimal?: DecimalMark | undefined;
    readonly encoding?: TextEncoding | undefined;
  };
}

/**
 * Reads all rows. The first one is a header where it has no number at all, or one of the `known` names. The decimal mark is told from all rows together.
 * @param from path, or bytes as they come
 * @throws TrainerError `data-not-found`, `invalid-data`
 */
export async function readPlainRows(
  from: string | AsyncIterable<Uint8Array>,
  source: string,
  { known = [], encoding, usual = {}, ...asked }: PlainRowsOptions = {},
): Promise<PlainRows> {
  const text =
    typeof from === 'string'
      ? openCsvText(from, encoding, usual.encoding)
      : decodeText(from, source, encoding, usual.encoding);
  const pieces = text[Symbol.asyncIterator]();
  try {
    const opened = await openCsv(pieces, source, asked);
    const read: { readonly cells: readonly string[]; readonly line: number }[] = [];
    await parseRows(opened.text, opened.style.separator, source, (cells, line) => {
      if (!isComment(cells)) {
        read.push({ cells, line });
        // One more may be the header.
        if (read.length > MAX_ROWS + 1) {
          throw new TrainerError('invalid-data', `${source} has more than ${MAX_ROWS} rows. Give a part of it.`);
        }
      }
      return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    });
    const mark = markOfTable(
      read.map(({ cells }) => cells),
      opened.style,
      usual.decimal,
    );
    const style = { separator: opened.style.separator, decimal: mark.decimal };
    const rows = read.map((row) => ({ ...row, numbers: row.cells.map((cell) => parseNumber(cell, style)) }));
    const [first] = rows;
    if (first === undefined || !isHeader(first.cells, first.numbers, known)) return { names: undefined, rows, mark };
    return { names: first.cells.map((cell) => cell.trim()), rows: rows.slice(1), mark };
  } finally {
    await pieces.return?.(undefined);
  }
}

function isHeader(
  cells: readonly string[],
  numbers: readonly (number | undefined)[],
  known: readonly string[],
): boolean {
  if (cells.some((cell) => known.includes(cell.trim()) && parseNumber(cell, { separator: ';' }) === undefined))
    return true;
  return numbers.every((value) => value === undefined) && !cells.every(isMissing);
}
