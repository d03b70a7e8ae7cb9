// A CSV file opened: how it is written, its first rows, and then all of its text.
import { TrainerError } from '../../errors.js';
import { isComment, SEPARATOR_CHARACTERS, type Separator, type SeparatorName, sniffSeparator } from './dialect.js';
import { hasCommaThousands, hasDecimalComma, hasPointThousands, type NumberStyle } from './numbers.js';
import { endsEmpty, firstRows, MAX_ROW_CHARACTERS, rowFitter } from './rows.js';

export interface StyleOptions {
  readonly separator?: SeparatorName | undefined;
  readonly decimal?: 'point' | 'comma' | undefined;
}

export interface OpenOptions extends StyleOptions {
  /** Whether nothing has to divide a line: one value a row. */
  readonly oneColumn?: boolean | undefined;
  /** The decimal mark of such files, for lines that may be one number or two. */
  readonly usualDecimal?: 'point' | 'comma' | undefined;
}

export interface OpenedCsv {
  readonly style: NumberStyle & { readonly separator: Separator };
  /** The first rows, without remarks; at least one. */
  readonly rows: readonly (readonly string[])[];
  /** All of the text, from the beginning; read once. */
  readonly text: AsyncGenerator<string>;
}

/** What Excel reads as "the separator is …". */
const SEPARATOR_LINE = /^sep=(.)"?\n/i;

const separatorOf = (character: string | undefined): Separator | undefined =>
  Object.values(SEPARATOR_CHARACTERS).find((known) => known === character);

/** Rows by which the columns are told, and lines that are read for it at least. */
export const HEAD_ROWS = 100;
/** Characters of the head that go to the parser at once. */
const PIECE = 2 ** 16;

/**
 * Finds out separator and decimal mark from the beginning.
 * @param pieces text in pieces of any length; the caller closes it
 * @throws TrainerError `invalid-data` for what is empty, or has one column only where more are wanted.
 */
export async function openCsv(
  pieces: AsyncIterator<string>,
  source: string,
  { separator: wanted, decimal, oneColumn = false, usualDecimal }: OpenOptions = {},
): Promise<OpenedCsv> {
  const { head: read, isWhole } = await readHead(pieces);
  const announced = SEPARATOR_LINE.exec(read)?.[1];
  // The line stays as a remark, so that lines keep their numbers.
  const head = announced === undefined ? read : `#${read}`;
  const separator = wanted
    ? SEPARATOR_CHARACTERS[wanted]
    : (separatorOf(announced) ??
      (oneColumn && isOneColumn(isWhole ? head : head.slice(0, head.lastIndexOf('\n')), decimal ?? usualDecimal)
        ? SEPARATOR_CHARACTERS.semicolon
        : sniffSeparator(head, isWhole, source, oneColumn)));
  const rows = firstRows(head, separator, HEAD_ROWS, isWhole).filter((cells) => !isComment(cells));
  const [first] = rows;
  if (first === undefined) throw new TrainerError('invalid-data', `${source} has remarks only, and no row.`);
  const mark = decimal ?? sniffDecimal(rows, separator);
  return {
    style: { separator, ...(mark && { decimal: mark }) },
    rows: [first, ...rows.slice(1).map(rowFitter(first.length, endsEmpty(first)))],
    text: joined(head, pieces),
  };
}

/** Whether all lines are one number with a decimal comma: below a name without a comma, or where commas are the usual mark. */
function isOneColumn(head: string, usualDecimal: 'point' | 'comma' | undefined): boolean {
  const [first = '', ...rest] = head.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const isNamed = !first.includes(',') && !hasDecimalComma(first) && Number.isNaN(Number(first));
  const lines = isNamed ? rest : [first, ...rest];
  return lines.length > 0 && (isNamed || usualDecimal === 'comma') && lines.every(hasDecimalComma);
}

/** The decimal mark, where thousands are grouped by the other one; else every cell says by itself. */
export function sniffDecimal(
  rows: readonly (readonly string[])[],
  separator: Separator,
): 'point' | 'comma' | undefined {
  const cells = rows.flat().filter((cell) => cell.includes('.') || cell.includes(','));
  if (cells.some(hasPointThousands)) return 'comma';
  // 1,234 alone may be either; beside 1,234,567 or 1,234.5 it is thousands, unless a cell has another number of digits.
  const grouped = cells.some(hasCommaThousands);
  const isOther = (cell: string) => hasDecimalComma(cell) && !/^[+-]?\d{1,3},\d{3}$/.test(cell.trim());
  // Quoted, a decimal comma stands between commas too, where no number has a point.
  if (separator === ',' && cells.some(isOther) && !cells.some((cell) => /^\s*[+-]?\d*\.\d+\s*$/.test(cell)))
    return 'comma';
  return grouped && (separator === ',' || !cells.some(isOther)) ? 'point' : undefined;
}

/** The beginning of a text, of whole lines enough to tell what it is. */
async function readHead(pieces: AsyncIterator<string>): Promise<{ head: string; isWhole: boolean }> {
  let head = '';
  let lines = 0;
  while (head.length < MAX_ROW_CHARACTERS && lines <= HEAD_ROWS) {
    const { done, value } = await pieces.next();
    if (done) return { head, isWhole: true };
    head += value;
    lines += value.split('\n').length - 1;
  }
  return { head, isWhole: false };
}

async function* joined(head: string, pieces: AsyncIterator<string>): AsyncGenerator<string> {
  for (let at = 0; at < head.length; at += PIECE) yield head.slice(at, at + PIECE);
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) yield next.value;
}
