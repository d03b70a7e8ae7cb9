// Rows of a table without labels and roles: what is classified one row after another, from a file or from standard input.
import { TrainerError } from '../../errors.js';
import { decodeText, openCsvText } from './csv-text.js';
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
}

/**
 * Reads all rows. The first one is a header where it has no number at all, or one of the `known` names.
 * @param from path, or bytes as they come
 * @throws TrainerError `data-not-found`, `invalid-data`
 */
export async function readPlainRows(
  from: string | AsyncIterable<Uint8Array>,
  source: string,
  { known = [], ...style }: OpenOptions & { readonly known?: readonly string[] } = {},
): Promise<PlainRows> {
  const pieces = (typeof from === 'string' ? openCsvText(from) : decodeText(from, source))[Symbol.asyncIterator]();
  try {
    const opened = await openCsv(pieces, source, style);
    const rows: PlainRow[] = [];
    let names: readonly string[] | undefined;
    let isFirst = true;
    await parseRows(opened.text, opened.style.separator, source, (cells, line) => {
      if (!isComment(cells)) {
        const numbers = cells.map((cell) => parseNumber(cell, opened.style));
        if (isFirst && isHeader(cells, numbers, known)) names = cells.map((cell) => cell.trim());
        else rows.push({ cells, line, numbers });
        isFirst = false;
        if (rows.length > MAX_ROWS) {
          throw new TrainerError('invalid-data', `${source} has more than ${MAX_ROWS} rows. Give a part of it.`);
        }
      }
      return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    });
    return { names, rows };
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
