// What each column of a table is for: the class, values to learn from, recordings, time, or nothing.
import { TrainerError } from '../../errors.js';
import { answerWords } from '../answer-words.js';
import { checkAreClasses } from '../classes.js';
import { columnTitle, key } from '../csv/header.js';
import { isTimeColumn } from './clock-columns.js';
import type { Overrides } from './inspection.js';
import { columnOf, GROUP_NAMES, labelColumn } from './label-column.js';
import type { TableFacts } from './scan-csv.js';

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
  const [label, labelReason] = labelColumn(facts, overrides);
  const { task = 'classification' } = overrides;
  if (task === 'classification' || task === 'anomaly') facts.columns[label]?.countAsClasses();
  if (task === 'classification') requireClasses(facts, label);
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

function isRowNumber({ columns, isWhole: _ }: TableFacts, column: number, name: string): boolean {
  const cells = columns[column]!;
  if (!cells.countsRows || !cells.isWhole || cells.numbers < 3 || cells.texts > 0) return false;
  return cells.rows >= 20 || ['', 'index', 'id', '#', 'row', 'nr', 'no'].includes(name) || /^unnamed: \d+$/.test(name);
}
