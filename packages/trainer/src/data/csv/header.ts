// Whether the first row of a table names its columns, and which column its names or the user call the class.
import { TrainerError } from '../../errors.js';
import { answerWords } from '../answer-words.js';
import { isMissing, type NumberStyle, parseNumber } from './numbers.js';
import { isUnitsRow } from './units-row.js';

/** What is said instead of a class column where no column has it. A column of this name goes before. */
export const NO_LABEL = 'none';

export interface HeaderOptions {
  /** Name of the class column in the header row (any case where that is unique), or its 0-based number; `none`: no column has it. */
  readonly labelColumn?: string | number | undefined;
  /** Whether the first row is a header; found out where absent. */
  readonly header?: boolean | undefined;
  /** Columns to learn from, by name or 0-based number: none of them is taken for the class by its name. */
  readonly columns?: readonly (string | number)[] | undefined;
}

export interface Header {
  /** Names of all columns; absent where the first row is a sample. */
  readonly names?: readonly string[];
  /** The class column, where a name or the user says so; −1 where the user says that there is none. */
  readonly label?: number;
  /** Rows above the samples: the names, and units below them. */
  readonly rows: 0 | 1 | 2;
  /** The other rows of the usual width. */
  readonly samples: readonly (readonly string[])[];
}

/** Names that say "the class" in any table, and those that say so where none of the first is there. */
const CLASS_NAMES = ['label', 'labels', 'class', 'classes', 'target', 'targets'];
export const LIKELY_CLASS_NAMES = [
  'species',
  'category',
  'categories',
  'diagnosis',
  'outcome',
  'activity',
  'gesture',
  'y',
];

export const key = (name: string): string => name.trim().toLowerCase();

/** How messages call a column. */
export function columnTitle({ names }: { readonly names?: readonly string[] }, column: number): string {
  const name = names?.[column]?.trim();
  return name ? `column '${name}'` : `column ${column} (counted from 0)`;
}

/**
 * Finds out from the first rows (remarks left out).
 * @param rows at least one
 * @throws TrainerError `invalid-data` where the class column that was asked for is not there.
 */
export function findHeader(
  rows: readonly (readonly string[])[],
  style: NumberStyle,
  options: HeaderOptions,
  source: string,
): Header {
  const first = rows[0]!;
  const rest = rows.slice(1).filter((cells) => cells.length === first.length);
  const isNumber = (cell: string): boolean => parseNumber(cell, style) !== undefined;
  const hasNone = saysNoLabel(options, first);
  const wanted = hasNone ? undefined : wantedLabel(options, first, rest, isNumber);
  // A number beyond the columns is refused before anything looks there.
  const chosen = hasNone ? -1 : chosenLabel(wanted, first.length, source, first);
  const named = hasNone || options.header === false ? undefined : namedLabel(first, wanted, options.columns, source);
  // A first row that gave the class column its name is a header, whatever else stands in it.
  const isHeader = options.header ?? (named !== undefined || looksLikeHeader(first, rest, wanted, isNumber));
  const label = named ?? chosen;
  const hasUnits = isHeader && isUnitsRow(rows[1], rest.slice(1), isNumber);
  return {
    ...(isHeader && { names: first.map((name) => name.trim()) }),
    ...(label !== undefined && { label }),
    rows: hasUnits ? 2 : isHeader ? 1 : 0,
    samples: isHeader ? rest.slice(hasUnits ? 1 : 0) : [first, ...rest],
  };
}

function saysNoLabel({ labelColumn }: HeaderOptions, first: readonly string[]): boolean {
  if (typeof labelColumn !== 'string' || key(labelColumn) !== NO_LABEL) return false;
  return first.every((cell) => key(cell) !== NO_LABEL);
}

/** @throws TrainerError `invalid-data` for a task that cannot do without a label column */
export function requireLabel(task: unknown, source: string): void {
  if (task === 'anomaly') return;
  throw new TrainerError(
    'invalid-data',
    `${source}: --label none says that no column is the ${answerWords(task).noun}, and only --task anomaly can do without. Name a column with --label, or say --task anomaly to learn what is normal.`,
  );
}

/** Digits are a column's number, unless a header has them for a name. */
function wantedLabel(
  { labelColumn, header }: HeaderOptions,
  first: readonly string[],
  rest: readonly (readonly string[])[],
  isNumber: (cell: string) => boolean,
): string | number | undefined {
  if (typeof labelColumn !== 'string' || !/^\d+$/.test(labelColumn.trim())) return labelColumn;
  const column = Number(labelColumn);
  const hasNames = header ?? looksLikeHeader(first, rest, column, isNumber);
  return hasNames && first.some((cell) => cell.trim() === labelColumn.trim()) ? labelColumn : column;
}

/** The class column by the text of the first row: the name that was given, else a usual one. */
function namedLabel(
  first: readonly string[],
  wanted: string | number | undefined,
  columns: HeaderOptions['columns'],
  source: string,
): number | undefined {
  if (typeof wanted === 'number') return undefined;
  if (wanted === undefined) {
    const learned = columns?.map((column) => columnNumber(first, column)) ?? [];
    const found = [...first.keys()].filter((i) => CLASS_NAMES.includes(key(first[i]!)) && !learned.includes(i));
    if (found.length <= 1) return found[0];
    throw new TrainerError(
      'invalid-data',
      `${source} has several columns that may be the class: ${found.map((i) => first[i]!.trim()).join(', ')}. Name the right one with --data-label-column (key \`labelColumn\`), and leave the others out with --data-ignore.`,
    );
  }
  const column = placeOfName(first, wanted);
  if (column >= 0) return column;
  throw new TrainerError(
    'invalid-data',
    `${source} has no column ${wanted}; its first row is ${listed(first)}. Give --data-label-column (key \`labelColumn\`) one of these names or a number from 0 to ${first.length - 1}.`,
  );
}

function chosenLabel(
  wanted: string | number | undefined,
  width: number,
  source: string,
  first: readonly string[],
): number | undefined {
  if (typeof wanted === 'number') {
    if (wanted < width) return wanted;
    throw new TrainerError(
      'invalid-data',
      `${source} has no column ${wanted}; its ${width} columns are numbered 0 to ${width - 1}, and its first row is ${listed(first)}.`,
    );
  }
  return undefined;
}

/** The one column of these names; undefined if there is none or are several. `y` beside `x` is a coordinate. */
export function uniqueOf(names: readonly string[], wanted: readonly string[]): number | undefined {
  const keys = names.map(key);
  const found = [...keys.keys()].filter(
    (i) => wanted.includes(keys[i]!) && !(wanted.length > 1 && keys[i] === 'y' && keys.includes('x')),
  );
  return found.length === 1 ? found[0] : undefined;
}

/**
 * Text over numbers is a header. So are 0, 1, 2, … (pandas' names) beside the name of the class column, if no other row has that for its class.
 */
function looksLikeHeader(
  first: readonly string[],
  rest: readonly (readonly string[])[],
  labelColumn: string | number | undefined,
  isNumber: (cell: string) => boolean,
): boolean {
  const text = [...first.keys()].filter((i) => !isNumber(first[i]!) && !isMissing(first[i]!));
  // Most rows decide: a single bad cell is an error to be named, not a reason to take the header for a sample.
  const overNumbers = text.some(
    (i) => 2 * rest.filter((cells) => isNumber(cells[i]!) || isMissing(cells[i]!)).length > rest.length,
  );
  if (overNumbers) return true;
  const textBelow = (i: number): boolean => rest.some((cells) => !isNumber(cells[i]!) && !isMissing(cells[i]!));
  const label = typeof labelColumn === 'number' ? labelColumn : text.length === 1 ? text[0] : undefined;
  if (label === undefined || !textBelow(label)) return false;
  const others = first.filter((_, i) => i !== label);
  const counts = others.length >= 2 && others.every((cell, i) => Number(cell) === i && cell.trim() !== '');
  return counts && rest.length > 0 && rest.every((cells) => cells[label]!.trim() !== first[label]!.trim());
}

/** The column of a name: the same one, else the only one that differs in case alone; −1 where there is none. */
export function placeOfName(names: readonly string[], name: string): number {
  const exact = names.findIndex((one) => one.trim() === name.trim());
  return exact >= 0 ? exact : (uniqueOf(names, [key(name)]) ?? -1);
}

/** The column that a user or a data spec names, by its name or its 0-based number; −1 where neither is there. */
export function columnNumber(names: readonly string[] | undefined, asked: string | number): number {
  const text = String(asked).trim();
  const byName = names === undefined ? -1 : placeOfName(names, text);
  return byName >= 0 ? byName : /^\d+$/.test(text) ? Number(text) : -1;
}

export const sameName = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();

/** Whether a row is the header with these names. */
export const areNames = (cells: readonly string[], names: readonly string[]): boolean =>
  cells.length === names.length && cells.every((cell, i) => sameName(cell, names[i]!));

/** Whether a row has at least one of these names in it. */
export function looksNamed(cells: readonly string[], names: readonly string[]): boolean {
  return cells.some(
    (cell) => cell.trim() !== '' && Number.isNaN(Number(cell)) && names.some((name) => sameName(cell, name)),
  );
}

/** The first and last of many names. */
export function listed(cells: readonly string[]): string {
  const shown = cells.map((cell) => cell.trim().slice(0, 30));
  return shown.length <= 10 ? shown.join(', ') : `${shown.slice(0, 6).join(', ')}, … ${shown.slice(-2).join(', ')}`;
}
