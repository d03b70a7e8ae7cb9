// What flags would change an assumption about a table: only such as this table is read with. What nobody can know stands in capitals.
import { TrainerError } from '../../errors.js';
import { checkAreClasses } from '../classes.js';
import { columnTitle, key, NO_LABEL } from '../csv/header.js';
import { type NumberStyle, parseNumber } from '../csv/numbers.js';
import type { ColumnRoles } from './column-roles.js';
import type { Overrides } from './inspection.js';
import { saysNormal } from './label-column.js';
import type { TableFacts } from './scan-csv.js';

/** int32 with room for values that were not seen: milliseconds since 1970 are beyond it. */
const LARGEST = 2 ** 30;
/** Columns that a hint names one by one. */
const MOST_NAMED = 16;

/** How the spec names a column: by its name where that is unique. */
export function columnName({ names }: Pick<TableFacts, 'names'>, column: number): string | number {
  const name = names?.[column] ?? '';
  return name !== '' && !/^\d+$/.test(name) && names!.filter((other) => key(other) === key(name)).length === 1
    ? name
    : column;
}

/** A column as a word of a command line: its name where that needs no quotes, else its number. */
function flagValue(facts: TableFacts, column: number): string {
  const name = String(columnName(facts, column));
  return /^[\w.][\w.-]*$/.test(name) ? name : String(column);
}

/** Another column that can be predicted: one of classes, else one of numbers. Where anomalies are looked for there may be none. */
export function labelHint(
  facts: TableFacts,
  { label, group, time, leftOut }: ColumnRoles,
  overrides: Overrides,
): string {
  const { task = 'classification' } = overrides;
  if (label < 0) {
    const says = [...facts.columns.keys()].findLast((column) => saysNormal(facts.columns[column]!, overrides));
    return `--label ${says === undefined || says === group ? 'COLUMN' : flagValue(facts, says)}`;
  }
  if (task === 'anomaly') return `--label ${NO_LABEL}`;
  // Words cannot be learned from, but predicted; what counts rows or tells the time cannot.
  const passed = leftOut.filter(({ column }) => !facts.columns[column]!.repeats).map(({ column }) => column);
  const free = [...facts.columns.keys()].filter(
    (column) => column !== label && column !== group && column !== time && !passed.includes(column),
  );
  const classes = free.find((column) => task === 'classification' && hasClasses(facts, column));
  if (classes !== undefined) return `--label ${flagValue(facts, classes)}`;
  const numbers = free.find((column) => {
    const { texts, missing } = facts.columns[column]!;
    return texts + missing === 0 && !facts.columns[column]!.isConstant;
  });
  if (numbers === undefined || task === 'multiLabel') return '--label COLUMN';
  return `--label ${flagValue(facts, numbers)}${task === 'regression' ? '' : ' --task regression'}`;
}

function hasClasses(facts: TableFacts, column: number): boolean {
  const { distinct, dates, missing, rows } = facts.columns[column]!;
  if (distinct === undefined || distinct.size < 2 || dates > 0 || missing > 0) return false;
  try {
    checkAreClasses([...distinct.keys()], rows, columnTitle(facts, column));
  } catch (error) {
    if (error instanceof TrainerError) return false;
    throw error;
  }
  // One of each would be nothing to test with.
  return [...distinct.values()].every((count) => count > 1);
}

/** How a column that is left out is learned from after all; words, empty columns and what no integer of the device holds cannot be. */
export function columnsHint(facts: TableFacts, features: readonly number[], column: number): string {
  const { numbers, texts, smallest, largest } = facts.columns[column]!;
  if (numbers === 0 || texts > 0 || Math.max(-smallest, largest) > LARGEST) return '';
  // All that are learned from stay: a list of some would drop the others.
  const all = [...features, column].sort((a, b) => a - b);
  return all.length > MOST_NAMED ? '--columns A,B' : `--columns ${all.map((kept) => flagValue(facts, kept)).join(',')}`;
}

/** Whether the first row could be a sample as well as names. */
export function headerHint({ names, style }: TableFacts, { features, label }: ColumnRoles): string {
  if (names === undefined) return '--data-header';
  if (!features.every((column) => isNumber(names[column] ?? '', style))) return '';
  return label < 0 ? '--no-data-header' : `--no-data-header --label ${label}`;
}

const isNumber = (cell: string, style: NumberStyle): boolean => parseNumber(cell, style) !== undefined;
