// What each column of a table is for: the class, values to learn from, recordings, time, or nothing.
import { TrainerError } from '../../errors.js';
import { isNormalName } from '../anomaly.js';
import { answerWords } from '../answer-words.js';
import { checkAreClasses } from '../classes.js';
import { columnTitle, key, LIKELY_CLASS_NAMES, listed, uniqueOf } from '../csv/header.js';
import type { Overrides } from './inspection.js';
import { isPixelTable } from './row-shape.js';
import type { TableFacts } from './scan-csv.js';

const TIME_NAMES =
  /^(time ?stamp|date ?time|date|time|datum|zeit|uhrzeit|epoch|t|ts|ms|us|millis|micros|seconds?|time[ _([].*|timestamp[ _([].*|elapsed.*)$/;
const GROUP_NAMES =
  /^(recording|session|trial|subject|user|person|participant|patient|device|sensor|run|experiment|file(name)?|source|window|segment)([ _-]?(id|no|nr|number|name))?$/;
/** More of a column missing than this, and its mean says nothing. */
const MAX_MISSING = 0.5;

/** A column that is left out, and why. */
export interface LeftOut {
  readonly column: number;
  readonly reason: string;
}

export interface ColumnRoles {
  /** −1 where no column has it: all rows are normal. */
  readonly label: number;
  readonly labelReason: string;
  readonly group?: number;
  /** A column that tells the time of its row. */
  readonly time?: number;
  readonly leftOut: readonly LeftOut[];
  readonly features: readonly number[];
}

/** @throws TrainerError `invalid-data` where no column is the class for sure, or no number is left to learn from. */
export function columnRoles(facts: TableFacts, overrides: Overrides): ColumnRoles {
  const ignored = ((overrides.ignore as readonly unknown[]) ?? []).map((name) => columnOf(facts, name));
  const [label, labelReason] = labelColumn(facts, overrides, ignored);
  if (overrides.task === undefined || overrides.task === 'classification') requireClasses(facts, label);
  return { label, labelReason, ...otherRoles(facts, overrides, label) };
}

/**
 * The roles of the columns beside the class.
 * @param label −1 where no column has the class
 * @throws TrainerError `invalid-data` where no number is left to learn from.
 */
export function otherRoles(
  facts: TableFacts,
  overrides: Overrides,
  label: number,
): Omit<ColumnRoles, 'label' | 'labelReason'> {
  const { columns, names, path } = facts;
  const asked = (choice: unknown): number | undefined => (choice === undefined ? undefined : columnOf(facts, choice));
  const ignored = ((overrides.ignore as readonly unknown[]) ?? []).map((name) => columnOf(facts, name));
  const wanted = (overrides.columns as readonly unknown[] | undefined)?.map((name) => columnOf(facts, name));
  const leftOut: LeftOut[] = [];
  let group = asked(overrides.groups);
  let time: number | undefined;
  const features: number[] = [];
  for (const [column, cells] of columns.entries()) {
    if (column === label || column === group || ignored.includes(column)) continue;
    const name = key(names?.[column] ?? '');
    const isTime = isTimeColumn(facts, column);
    if (isTime) time ??= column;
    if (wanted) {
      if (wanted.includes(column)) features.push(column);
      else if (group === undefined && GROUP_NAMES.test(name) && cells.repeats) group = column;
      continue;
    }
    if (isTime) leftOut.push({ column, reason: 'it tells the time' });
    else if (group === undefined && GROUP_NAMES.test(name) && cells.repeats) group = column;
    else if (cells.missing > MAX_MISSING * cells.rows)
      leftOut.push({ column, reason: emptyReason(cells.missing, cells.rows) });
    else if (cells.isText)
      leftOut.push({ column, reason: cells.dates > 0 ? 'it tells the time' : 'it has words, not numbers' });
    else if (isRowNumber(facts, column, name)) leftOut.push({ column, reason: 'it numbers the rows' });
    else features.push(column);
  }
  if (features.length === 0) {
    throw new TrainerError(
      'invalid-data',
      `${path}: no column of numbers is left to learn from beside the ${answerWords(overrides.task).noun}${label < 0 ? '' : ` (${columnTitle(facts, label)})`}. Name the columns with --columns, or another ${answerWords(overrides.task).noun} column with --label.`,
    );
  }
  return {
    ...(group !== undefined && { group }),
    ...(time !== undefined && { time }),
    leftOut,
    features,
  };
}

/** @throws TrainerError `invalid-data` for one class, for quantities, and for names of samples */
function requireClasses(facts: TableFacts, label: number): void {
  const { distinct, numbers, rows } = facts.columns[label]!;
  const title = `${facts.path}, ${columnTitle(facts, label)}`;
  if (distinct === undefined) {
    throw new TrainerError(
      'invalid-data',
      `${title}: it has more than 300 different values. ${numbers === rows ? 'If a number is to be predicted, say --task regression; else name' : 'Name'} the class column with --label.`,
    );
  }
  checkAreClasses([...distinct.keys()], rows, title);
  if (distinct.size > 1 || !facts.isWhole) return;
  throw new TrainerError(
    'invalid-data',
    `${title}: all rows are of one class (${[...distinct.keys()].join('') || 'none'}); two classes or more are wanted, there is nothing to tell apart. Name another column with --label, or say --task anomaly to learn what is normal.`,
  );
}

function emptyReason(missing: number, rows: number): string {
  return missing === rows ? 'it is empty' : `${Math.round((100 * missing) / rows)} % of it is missing`;
}

/** The number of a column from its name or number. @throws TrainerError `invalid-data` */
function columnOf({ names, columns, path, firstRows }: TableFacts, choice: unknown): number {
  const text = String(choice).trim();
  const byName = names ? (uniqueOf(names, [key(text)]) ?? names.indexOf(text)) : -1;
  const column = byName >= 0 ? byName : /^\d+$/.test(text) ? Number(text) : -1;
  if (column >= 0 && column < columns.length) return column;
  throw new TrainerError(
    'invalid-data',
    `${path} has no column ${text}; ${names ? `its columns are ${listed(names)}` : `its ${columns.length} columns have no names and are numbered from 0; the first row is ${listed(firstRows[0] ?? [])}`}.`,
  );
}

function labelColumn(facts: TableFacts, overrides: Overrides, ignored: readonly number[]): [number, string] {
  const { columns, names, label, path } = facts;
  if (overrides.labelColumn !== undefined) return [columnOf(facts, overrides.labelColumn), 'as asked'];
  if (label !== undefined) return [label, 'its name'];
  const free = [...columns.keys()].filter((column) => !ignored.includes(column));
  const words = free.filter((column) => columns[column]!.isText && columns[column]!.dates === 0);
  const classes = words.filter((column) => columns[column]!.repeats);
  const likely = names && uniqueOf(names, LIKELY_CLASS_NAMES);
  if (likely !== undefined && free.includes(likely)) return [likely, 'its name'];
  const notGroups = classes.filter(
    (column) => !GROUP_NAMES.test(key(names?.[column] ?? '')) && saysNormal(columns[column]!, overrides),
  );
  if (notGroups.length === 1) return [notGroups[0]!, 'the only column of words that repeat'];
  const last = free.filter((column) => columns[column]!.missing < columns[column]!.rows).at(-1);
  if (last !== undefined && notGroups.includes(last)) return [last, 'the last column, and it has words that repeat'];
  if (last !== undefined && overrides.task === 'regression') return [last, 'the last column'];
  const isNumbered =
    last !== undefined && columns[last]!.looksLikeClassNumbers && saysNormal(columns[last]!, overrides);
  if (isNumbered && notGroups.length === 0 && !isPixelTable(facts)) {
    return [last, `the last column, and it has ${columns[last]!.distinct!.size} whole numbers that repeat`];
  }
  if (overrides.task === 'anomaly') return [-1, 'no column is one'];
  throw new TrainerError(
    'invalid-data',
    `${path}: which column ${overrides.task === 'multiLabel' ? 'has the labels' : `is the ${answerWords(overrides.task).noun}`}? ${names ? `The columns are ${listed(names)}` : `There is no header; the first row is ${listed(facts.firstRows[0]!)}`}. Name it with --label (a name, or a number from 0 to ${columns.length - 1})${overrides.task === undefined ? '; if a number is to be predicted, add --task regression' : ''}.`,
  );
}

/** Where anomalies are looked for, words or numbers are a label only if one of them says what is normal. */
function saysNormal({ distinct }: TableFacts['columns'][number], { task, normal }: Overrides): boolean {
  if (task !== 'anomaly') return true;
  const wanted = normal === undefined ? undefined : String(normal);
  return [...(distinct?.keys() ?? [])].filter((name) => isNormalName(name, wanted)).length === 1;
}

function isTimeColumn({ names, columns }: TableFacts, column: number): boolean {
  const cells = columns[column]!;
  if (cells.texts > 0) return cells.isText && 10 * cells.dates >= 9 * cells.texts;
  return TIME_NAMES.test(key(names?.[column] ?? '')) && neverFallsFar(cells.rows, cells.changes, cells.isIncreasing);
}

/** Time goes on; where recordings follow each other it begins anew now and then. */
function neverFallsFar(rows: number, changes: number, isIncreasing: boolean): boolean {
  return isIncreasing || 2 * changes > rows;
}

function isRowNumber({ columns, isWhole: _ }: TableFacts, column: number, name: string): boolean {
  const cells = columns[column]!;
  if (!cells.countsRows || !cells.isWhole || cells.numbers < 3 || cells.texts > 0) return false;
  return cells.rows >= 20 || ['', 'index', 'id', '#', 'row', 'nr', 'no'].includes(name) || /^unnamed: \d+$/.test(name);
}
