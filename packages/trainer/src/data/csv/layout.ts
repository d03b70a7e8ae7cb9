// What the columns of a table are: whether its first row names them, which one is the class, which are numbers to learn from.
import { TrainerError } from '../../errors.js';
import { isMissing, parseNumber } from './numbers.js';

export interface LayoutOptions {
  /** Name of the class column in the header row (any case where that is unique), or its 0-based number. */
  readonly labelColumn?: string | number | undefined;
  /** Whether the first row is a header; found out where absent. */
  readonly header?: boolean | undefined;
  /** Names (or 0-based numbers, as text) of columns to leave out. */
  readonly ignore?: readonly string[] | undefined;
}

export interface CsvLayout {
  /** Names of all columns; absent where the first row is a sample. */
  readonly names?: readonly string[];
  /** Cells of each row. */
  readonly width: number;
  /** Column of the class. */
  readonly label: number;
  /** Columns of the values, in order. */
  readonly features: readonly number[];
  /** Columns that are left out, with the reason. */
  readonly dropped: readonly { readonly column: number; readonly reason: string }[];
}

/** Names that say "the class" in any table, and those that say so where none of the first is there. */
const CLASS_NAMES = ['label', 'labels', 'class', 'classes', 'target', 'targets'];
const LIKELY_CLASS_NAMES = ['species', 'category', 'categories', 'diagnosis', 'outcome', 'activity', 'gesture', 'y'];
/** Names of columns that number rows, where their values do count. */
const ROW_NUMBER_NAMES = ['', 'index', 'id', '#', 'row'];
/** So many rows without one class twice are names of samples, not classes. */
const DISTINCT_ROWS = 10;

const key = (name: string): string => name.trim().toLowerCase();

/** How messages call a column. */
export function columnTitle({ names }: Pick<CsvLayout, 'names'>, column: number): string {
  const name = names?.[column]?.trim();
  return name ? `column '${name}'` : `column ${column} (counted from 0)`;
}

/**
 * Finds out from the first rows (remarks left out).
 * @param rows at least one
 * @throws TrainerError `invalid-data` where the class column cannot be told with certainty, or is not there.
 */
export function findLayout(
  rows: readonly (readonly string[])[],
  separator: string,
  options: LayoutOptions,
  source: string,
): CsvLayout {
  const first = rows[0]!;
  const width = first.length;
  const rest = rows.slice(1).filter((cells) => cells.length === width);
  const isNumber = (cell: string): boolean => parseNumber(cell, separator) !== undefined;
  // A number beyond the columns is refused before anything looks there.
  const chosen = chosenLabel(options.labelColumn, width, source, first);
  const named = options.header === false ? undefined : namedLabel(first, options.labelColumn, source);
  // A first row that gave the class column its name is a header, whatever else stands in it.
  const isHeader =
    options.header ?? (named !== undefined || looksLikeHeader(first, rest, options.labelColumn, isNumber));
  const names = isHeader ? first.map((name) => name.trim()) : undefined;
  const samples = isHeader ? rest : [first, ...rest];
  const dropped = droppedColumns(names, samples, options.ignore ?? [], isNumber, source);
  const kept = [...first.keys()].filter((column) => !dropped.some((drop) => drop.column === column));
  const label = named ?? chosen ?? onlyTextColumn(kept, samples, isNumber);
  if (label === undefined) {
    const likely = names && uniqueOf(names, LIKELY_CLASS_NAMES);
    if (likely === undefined) throw unknownLabel(source, names, first);
    return { ...(names && { names }), width, label: likely, features: kept.filter((i) => i !== likely), dropped };
  }
  return {
    ...(names && { names }),
    width,
    label,
    features: kept.filter((column) => column !== label),
    dropped: dropped.filter(({ column }) => column !== label),
  };
}

/** The class column by the text of the first row: the name that was given, else a usual one. */
function namedLabel(first: readonly string[], wanted: string | number | undefined, source: string): number | undefined {
  if (typeof wanted === 'number') return undefined;
  if (wanted === undefined) {
    const found = [...first.keys()].filter((i) => CLASS_NAMES.includes(key(first[i]!)));
    if (found.length <= 1) return found[0];
    throw new TrainerError(
      'invalid-data',
      `${source} has several columns that may be the class: ${found.map((i) => first[i]!.trim()).join(', ')}. Name the right one with --data-label-column (key \`labelColumn\`), and leave the others out with --data-ignore.`,
    );
  }
  const exact = first.findIndex((cell) => cell.trim() === wanted.trim());
  if (exact >= 0) return exact;
  const column = uniqueOf(first, [key(wanted)]);
  if (column !== undefined) return column;
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
function uniqueOf(names: readonly string[], wanted: readonly string[]): number | undefined {
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

/** Features are numbers, so the one column of words must be the class, if its words repeat. */
function onlyTextColumn(
  columns: readonly number[],
  samples: readonly (readonly string[])[],
  isNumber: (cell: string) => boolean,
): number | undefined {
  const isText = (column: number) =>
    2 * samples.filter((cells) => !isNumber(cells[column]!) && !isMissing(cells[column]!)).length > samples.length;
  const text = columns.filter(isText);
  if (text.length !== 1) return undefined;
  const distinct = new Set(samples.map((cells) => cells[text[0]!]!.trim()));
  return samples.length >= DISTINCT_ROWS && distinct.size === samples.length ? undefined : text[0];
}

function droppedColumns(
  names: readonly string[] | undefined,
  samples: readonly (readonly string[])[],
  ignore: readonly string[],
  isNumber: (cell: string) => boolean,
  source: string,
): { column: number; reason: string }[] {
  const width = samples[0]?.length ?? names?.length ?? 0;
  const dropped = ignore.map((name) => {
    const byName = names ? (uniqueOf(names, [key(name)]) ?? names.indexOf(name.trim())) : -1;
    const column = byName >= 0 ? byName : /^\d+$/.test(name) ? Number(name) : -1;
    if (column >= 0 && column < width) return { column, reason: 'as asked' };
    throw new TrainerError(
      'invalid-data',
      `${source} has no column ${name} to leave out; its columns are ${listed(names ?? samples[0] ?? [])}.`,
    );
  });
  for (const [column, name] of (names ?? []).entries()) {
    if (dropped.some((drop) => drop.column === column)) continue;
    const cells = samples.map((row) => row[column]!);
    const isNameless = name === '' || /^unnamed: \d+$/i.test(name);
    if (isNameless && cells.length > 0 && cells.every((cell) => cell.trim() === '')) {
      dropped.push({ column, reason: 'nameless and empty' });
    } else if (
      (isNameless && column === 0 && cells.every((cell) => isNumber(cell) && Number.isInteger(Number(cell)))) ||
      ((isNameless || ROW_NUMBER_NAMES.includes(key(name))) && countsUp(cells))
    ) {
      dropped.push({ column, reason: 'it numbers the rows' });
    }
  }
  return dropped;
}

/** Whether whole numbers follow each other by one. */
function countsUp(cells: readonly string[]): boolean {
  const begin = Number(cells[0]);
  return cells.length >= 2 && Number.isInteger(begin) && cells.every((cell, i) => Number(cell) === begin + i);
}

function unknownLabel(source: string, names: readonly string[] | undefined, first: readonly string[]): TrainerError {
  const what = names ? `its columns are ${listed(names)}` : `it has no header, and its first row is ${listed(first)}`;
  return new TrainerError(
    'invalid-data',
    `${source}: which column is the class? ${what[0]!.toUpperCase()}${what.slice(1)}. Name it with --data-label-column (key \`labelColumn\`): ${names ? 'a name or ' : ''}a number from 0 to ${first.length - 1}.`,
  );
}

function listed(cells: readonly string[]): string {
  const shown = cells.map((cell) => cell.trim().slice(0, 30));
  return shown.length <= 10 ? shown.join(', ') : `${shown.slice(0, 6).join(', ')}, … ${shown.slice(-2).join(', ')}`;
}
