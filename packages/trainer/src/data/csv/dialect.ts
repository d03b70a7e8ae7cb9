// How a CSV file is written: what separates its cells, told from its first lines.
import { TrainerError } from '../../errors.js';
import { parseNumber } from './numbers.js';
import { firstRows } from './rows.js';

/** Lines that are looked at, and the characters that hold them unless the first two lines are longer. */
const LINES = 20;
const CHARACTERS = 2 ** 16;

/** What separates cells in files that people have; spreadsheets take the semicolon where the comma is the decimal mark. */
export const SEPARATOR_CHARACTERS = { comma: ',', semicolon: ';', tab: '\t', bar: '|', space: ' ' } as const;
export type SeparatorName = keyof typeof SEPARATOR_CHARACTERS;
export type Separator = (typeof SEPARATOR_CHARACTERS)[SeparatorName];
const SEPARATORS = Object.values(SEPARATOR_CHARACTERS);

export const SEPARATOR_NAMES: Readonly<Record<Separator, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'vertical bars',
  ' ': 'spaces',
};

/** Whether a row is a remark: it begins with #, and not with a column of that name. */
export function isComment(cells: readonly string[]): boolean {
  const first = cells[0]!;
  return first.startsWith('#') && (first.trim() !== '#' || cells.length === 1);
}

/** With any decimal mark; the point or comma that groups thousands is found out later. */
function isNumber(cell: string, separator: Separator): boolean {
  if (parseNumber(cell, { separator }) !== undefined) return true;
  return separator !== ',' && parseNumber(cell, { separator, decimal: 'comma' }) !== undefined;
}

/**
 * The separator with which most cells of the first lines are numbers; the one that gives more columns where that leaves a choice.
 * @param head the beginning of the text; @param isWhole whether it is all of it
 * @param oneColumn whether lines that nothing divides are rows of one cell
 * @throws TrainerError `invalid-data` if none gives at least two columns, unless one is enough.
 */
export function sniffSeparator(head: string, isWhole: boolean, source: string, oneColumn = false): Separator {
  const twoLines = head.indexOf('\n', head.indexOf('\n') + 1) + 1;
  const text = twoLines === 0 ? head : head.slice(0, Math.max(CHARACTERS, twoLines));
  let best: { separator: Separator; score: number } | undefined;
  for (const separator of SEPARATORS.filter((candidate) => text.includes(candidate))) {
    const rows = firstRows(text, separator, LINES, isWhole && text.length === head.length).filter(
      (cells) => !isComment(cells),
    );
    // The width of most rows: one that differs is an error to be named later, by its line.
    const widths = rows.map((cells) => cells.length).sort((a, b) => a - b);
    const width = widths[widths.length >> 1] ?? 0;
    if (width < 2) continue;
    const regular = rows.filter((cells) => cells.length === width);
    const numbers = regular.reduce((sum, cells) => sum + cells.filter((cell) => isNumber(cell, separator)).length, 0);
    // Share of numbers in cells of regular rows; regularity and the count of columns only decide between equals.
    const score =
      numbers / (rows.length * width) + (regular.length / rows.length) * 1e-2 + Math.min(width, 1000) * 1e-6;
    if (best === undefined || score > best.score) best = { separator, score };
  }
  if (best) return best.separator;
  const line = head.split('\n').find((text) => text.trim() !== '') ?? '';
  if (oneColumn && line !== '') return ';';
  throw new TrainerError(
    'invalid-data',
    line === ''
      ? `${source} is empty.`
      : `${source} has one column only: no comma, semicolon, tab, bar or space divides '${line.trim().slice(0, 40)}'. One row a sample is wanted, its class and its values as cells.`,
  );
}
