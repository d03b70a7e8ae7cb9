// Rows of a table without labels and roles: what is classified one row after another, from a file or from standard input.
import { TrainerError } from '../../errors.js';
import { decodeText, openCsvText, type TextEncoding } from './csv-text.js';
import { type DecimalMark, markOfTable, type TableMark } from './decimal-mark.js';
import { isComment } from './dialect.js';
import { key, placeOfName, sameName } from './header.js';
import { isMissing, parseNumber } from './numbers.js';
import { HEAD_ROWS, type OpenOptions, openCsv, sniffDecimal } from './open-csv.js';
import { endsEmpty, parseRows, rowFitter } from './rows.js';
import { isUnitsRow } from './units-row.js';

/** More rows than this are not held in memory. */
const MAX_ROWS = 100_000;

export interface PlainRow {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** The numbers of some columns. */
export interface PlainNumbers {
  /** With which decimal mark they are read, and whether the columns said so themselves. */
  readonly mark: TableMark;
  /** The number in a cell; undefined where there is none. */
  numberOf(cell: string): number | undefined;
}

export interface PlainRows {
  /** Names of the columns, where the first row has them. */
  readonly names: readonly string[] | undefined;
  /** The row of units below the names, which is passed over. */
  readonly units: PlainRow | undefined;
  /** All of one width. */
  readonly rows: readonly PlainRow[];
  /** The decimal mark is told from all cells of these columns together: others, such as times, may be written otherwise. */
  numbersOf(columns: readonly number[]): PlainNumbers;
}

export interface PlainRowsOptions extends OpenOptions {
  /** Names of columns. */
  readonly known?: readonly string[];
  /** Whether the first row has the names; found out where absent. */
  readonly header?: boolean | undefined;
  readonly encoding?: TextEncoding | undefined;
  /** How tables of this kind are written: taken where this one leaves it open. */
  readonly usual?: {
    readonly decimal?: DecimalMark | undefined;
    readonly encoding?: TextEncoding | undefined;
  };
}

/**
 * Reads all rows. The first one is a header where it has no number at all, a known name that is no number, or all known names.
 * @param from path, or bytes as they come
 * @throws TrainerError `data-not-found`, `invalid-data`, also for a row that has more or fewer cells than the first
 */
export async function readPlainRows(
  from: string | AsyncIterable<Uint8Array>,
  source: string,
  { known = [], header, encoding, usual = {}, ...asked }: PlainRowsOptions = {},
): Promise<PlainRows> {
  const text =
    typeof from === 'string'
      ? openCsvText(from, encoding, usual.encoding)
      : decodeText(from, source, encoding, usual.encoding);
  const pieces = text[Symbol.asyncIterator]();
  try {
    const { style, text: all } = await openCsv(pieces, source, { ...asked, usualDecimal: usual.decimal });
    const read: PlainRow[] = [];
    let fit: ReturnType<typeof rowFitter> | undefined;
    await parseRows(all, style.separator, source, (row, line) => {
      const cells = fit?.(row) ?? row;
      if (!isComment(cells)) {
        fit ??= rowFitter(row.length, endsEmpty(row));
        read.push({ cells, line });
        // Two more may be the names and their units.
        if (read.length > MAX_ROWS + 2) {
          throw new TrainerError('invalid-data', `${source} has more than ${MAX_ROWS} rows. Give a part of it.`);
        }
        requireWidth(cells, read[0]!.cells.length, `${source}, line ${line}`);
      }
      return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
    });
    const [first] = read;
    const isNamed = first !== undefined && (header ?? isHeader(first.cells, known));
    const hasUnits = isNamed && isUnitsRow(read[1]?.cells, read.slice(2, HEAD_ROWS).map(cellsOf), isNumber);
    const rows = read.slice(hasUnits ? 2 : isNamed ? 1 : 0);
    return {
      units: hasUnits ? read[1] : undefined,
      names: isNamed ? first.cells.map((cell) => cell.trim()) : undefined,
      rows,
      numbersOf(columns) {
        const { separator } = style;
        const head = rows.slice(0, HEAD_ROWS).map(({ cells }) => columns.map((column) => cells[column]!));
        const found = asked.decimal ?? sniffDecimal(head, separator);
        const mark = markOfTable(rows, columns, { separator, decimal: found }, usual.decimal);
        const own = { separator, decimal: mark.decimal };
        return { mark, numberOf: (cell) => parseNumber(cell, own) };
      },
    };
  } finally {
    await pieces.return?.(undefined);
  }
}

const cellsOf = ({ cells }: PlainRow): readonly string[] => cells;

function requireWidth({ length }: readonly string[], width: number, place: string): void {
  if (length === width) return;
  throw new TrainerError(
    'invalid-data',
    `${place}: ${length} cells; ${width} are expected, as in the first row. Correct the row, or say what divides the cells with --data-separator.`,
  );
}

/** A number with either decimal mark. */
function isNumber(cell: string): boolean {
  return (['point', 'comma'] as const).some((decimal) => parseNumber(cell, { separator: ';', decimal }) !== undefined);
}

function isHeader(cells: readonly string[], known: readonly string[]): boolean {
  if (cells.some((cell) => !isNumber(cell) && known.some((name) => key(name) !== '' && sameName(cell, name))))
    return true;
  if (known.length > 0 && known.every((name) => placeOfName(cells, name) >= 0)) return true;
  return cells.every((cell) => !isNumber(cell)) && !cells.every(isMissing);
}
