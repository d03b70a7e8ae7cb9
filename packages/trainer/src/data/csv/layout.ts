// What the columns of a table are: which one is the class, which are numbers to learn from, which are left out.
import type { Task } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import {
  columnNumber,
  findHeader,
  type Header,
  type HeaderOptions,
  key,
  LIKELY_CLASS_NAMES,
  listed,
  uniqueOf,
} from './header.js';
import { isMissing, type NumberStyle, parseNumber } from './numbers.js';

export { columnTitle } from './header.js';

export interface LayoutOptions extends HeaderOptions {
  /** Names (or 0-based numbers, as text) of columns to leave out. */
  readonly ignore?: readonly string[] | undefined;
  /** Names (or 0-based numbers, as text) of the only columns to take. */
  readonly columns?: readonly string[] | undefined;
  /** Name or 0-based number of the column that says which rows belong together. */
  readonly groups?: string | number | undefined;
  /** Name or 0-based number of the column that tells the time of each row. */
  readonly timeColumn?: string | number | undefined;
  /** The class of all rows, where no column has it. */
  readonly fixedClass?: string | undefined;
  /** With anomaly a table may have no class column: all rows are normal then. */
  readonly task?: Task | undefined;
}

export interface CsvLayout {
  /** Names of all columns; absent where the first row is a sample. */
  readonly names?: readonly string[];
  /** Rows above the samples: the names, and units below them. */
  readonly headerRows: 0 | 1 | 2;
  /** Cells of each row. */
  readonly width: number;
  /** Column of the class; −1 where all rows are of one that stands elsewhere, or are normal. */
  readonly label: number;
  /** Column that says which rows belong together. */
  readonly group?: number;
  /** Column that tells the time of each row. */
  readonly time?: number;
  /** Columns of the values, in order. */
  readonly features: readonly number[];
  /** Columns that are left out, with the reason. */
  readonly dropped: readonly { readonly column: number; readonly reason: string }[];
}

/** Names of columns that number rows, where their values do count. */
const ROW_NUMBER_NAMES = ['', 'index', 'id', '#', 'row'];
/** So many rows without one class twice are names of samples, not classes. */
const DISTINCT_ROWS = 10;

/**
 * Finds out from the first rows (remarks left out).
 * @param rows at least one
 * @throws TrainerError `invalid-data` where the class column cannot be told with certainty, or is not there.
 */
export function findLayout(
  rows: readonly (readonly string[])[],
  style: NumberStyle,
  options: LayoutOptions,
  source: string,
): CsvLayout {
  const header = findHeader(rows, style, options, source);
  const { names, samples } = header;
  const width = rows[0]!.length;
  const isNumber = (cell: string): boolean => parseNumber(cell, style) !== undefined;
  const group =
    options.groups === undefined ? undefined : columnOf(String(options.groups), header, 'to group the rows by', source);
  const time =
    options.timeColumn === undefined
      ? undefined
      : columnOf(String(options.timeColumn), header, 'to tell the time by', source);
  const dropped = droppedColumns(header, options.ignore ?? [], isNumber, source).filter(
    ({ column }) => column !== group,
  );
  const kept = [...Array(width).keys()].filter(
    (column) => column !== group && column !== time && !dropped.some((drop) => drop.column === column),
  );
  const chosen = options.columns?.map((name) => columnOf(name, header, 'to learn from', source));
  const likely = names && uniqueOf(names, LIKELY_CLASS_NAMES);
  const label =
    (options.fixedClass === undefined ? header.label : -1) ??
    onlyTextColumn(
      kept.filter((column) => !chosen?.includes(column)),
      samples,
      isNumber,
    ) ??
    (likely !== undefined && chosen?.includes(likely) ? undefined : likely) ??
    (options.task === 'anomaly' ? -1 : undefined);
  if (label === undefined) throw unknownLabel(source, names, rows[0]!);
  return {
    ...(names && { names }),
    headerRows: header.rows,
    width,
    label,
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
    features: (chosen ?? kept).filter((column) => column !== label),
    dropped: dropped.filter(({ column }) => column !== label && !chosen?.includes(column)),
  };
}

/** The number of a column from its name (any case where that is unique) or its number as text. */
function columnOf(name: string, { names, samples }: Header, purpose: string, source: string): number {
  const width = samples[0]?.length ?? names?.length ?? 0;
  const column = columnNumber(names, name);
  if (column >= 0 && column < width) return column;
  throw new TrainerError(
    'invalid-data',
    `${source} has no column ${name} ${purpose}; its columns are ${listed(names ?? samples[0] ?? [])}.`,
  );
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
  header: Header,
  ignore: readonly string[],
  isNumber: (cell: string) => boolean,
  source: string,
): { column: number; reason: string }[] {
  const { names, samples } = header;
  const dropped = ignore.map((name) => ({
    column: columnOf(name, header, 'to leave out', source),
    reason: 'key `ignore`',
  }));
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
