// Which column of a table has the class, the value or the label, where that is certain enough to be taken for granted.
import { TrainerError } from '../../errors.js';
import { isNormalName } from '../anomaly.js';
import { answerWords } from '../answer-words.js';
import { columnNumber, key, LIKELY_CLASS_NAMES, listed, NO_LABEL, requireLabel, uniqueOf } from '../csv/header.js';
import type { ColumnFacts } from './column-facts.js';
import type { Overrides } from './inspection.js';
import { isPixelTable } from './row-shape.js';
import type { TableFacts } from './scan-csv.js';

export const GROUP_NAMES =
  /^(recording|session|trial|subject|user|person|participant|patient|device|sensor|run|experiment|file(name)?|source|window|segment)([ _-]?(id|no|nr|number|name))?$/;
/** Words in the name of a column whose numbers say what is abnormal: 1, where 0 is normal. */
const ANOMALY_WORDS =
  /(^|[^a-z])(label|class|anomal(y|ies|ous)|abnormal|outliers?|faults?|faulty|failures?|defects?|defective)([^a-z]|$)/;
/** Of the usual names of classes those whose numbers may be such too: an activity may be a sensor's. */
const ANSWER_NAMES = /^(y|outcome|diagnosis)$/;
/** Normal values that a switch or a counter has too. */
const PLAIN_VALUES = /^(0|false)$/i;

/**
 * The label column, and why it is that; −1 where all rows are normal.
 * @throws TrainerError `invalid-data` where no column is it for sure
 */
export function labelColumn(facts: TableFacts, overrides: Overrides): readonly [column: number, reason: string] {
  const { columns, label, path } = facts;
  if (label === -1) {
    requireLabel(overrides.task, path);
    return [-1, 'as asked'];
  }
  if (overrides.labelColumn !== undefined) return [columnOf(facts, overrides.labelColumn), 'as asked'];
  if (label !== undefined) return [label, 'its name'];
  const chosen = [overrides.ignore, overrides.columns].flatMap(
    (list) => (list as readonly unknown[] | undefined) ?? [],
  );
  const taken = new Set(chosen.map((name) => columnOf(facts, name)));
  const free = [...columns.keys()].filter((column) => !taken.has(column));
  return overrides.task === 'anomaly' ? anomalyLabel(facts, overrides, free) : classColumn(facts, overrides, free);
}

function classColumn(facts: TableFacts, { task, columns: wanted }: Overrides, free: readonly number[]) {
  const { columns, names, path } = facts;
  const likely = likelyColumn(facts, free);
  if (likely !== undefined) return [likely, 'its name'] as const;
  const words = wordColumns(facts, free);
  if (words.length === 1) return [words[0]!, 'the only column of words that repeat'] as const;
  const last = lastColumn(facts, free);
  if (last !== undefined && words.includes(last)) {
    return [last, 'the last column, and it has words that repeat'] as const;
  }
  const which = wanted === undefined ? 'the last column' : 'the last column beside those of --columns';
  if (last !== undefined && task === 'regression') return [last, which] as const;
  if (last !== undefined && columns[last]!.looksLikeClassNumbers && words.length === 0 && !isPixelTable(facts)) {
    return [last, `${which}, and it has ${columns[last]!.distinct!.size} whole numbers that repeat`] as const;
  }
  throw new TrainerError(
    'invalid-data',
    `${path}: which column ${task === 'multiLabel' ? 'has the labels' : `is the ${answerWords(task).noun}`}? ${names ? `The columns are ${listed(names)}` : `There is no header; the first row is ${listed(facts.firstRows[0]!)}`}${wanted === undefined ? '' : ', and those of --columns are learned from'}. Name it with --label (a name, or a number from 0 to ${columns.length - 1})${task === undefined ? '; if a number is to be predicted, add --task regression' : ''}.`,
  );
}

/**
 * Where anomalies are looked for, normal rows are enough, and a column that is 0 most of the time may be a switch: a label says in words what is normal,
 * or has a name that says it is one.
 */
function anomalyLabel(facts: TableFacts, overrides: Overrides, free: readonly number[]) {
  const { columns, names } = facts;
  const likely = likelyColumn(facts, free);
  if (likely !== undefined) {
    const saysSo = ANSWER_NAMES.test(key(names![likely]!)) && saysNormal(columns[likely]!, overrides);
    if (saysSo || columns[likely]!.isText) return [likely, 'its name'] as const;
  }
  const named = free.filter(
    (column) => ANOMALY_WORDS.test(key(names?.[column] ?? '')) && saysNormal(columns[column]!, overrides),
  );
  if (named.length === 1) return [named[0]!, 'its name'] as const;
  const words = wordColumns(facts, free).filter((column) => saysNormalInWords(columns[column]!, overrides));
  if (words.length === 1) return [words[0]!, 'the only column of words that repeat, one of which is normal'] as const;
  const last = lastColumn(facts, free);
  if (last !== undefined && words.includes(last)) {
    return [last, 'the last column, and it has words that repeat'] as const;
  }
  // What is normal was named, so that some column has it.
  if (overrides.normal !== undefined && last !== undefined && saysNormal(columns[last]!, overrides)) {
    return [last, 'the last column, and it has what is normal'] as const;
  }
  return [-1, 'no column is one'] as const;
}

/** A column that a usual name calls the class. */
function likelyColumn({ names }: TableFacts, free: readonly number[]): number | undefined {
  const likely = names && uniqueOf(names, LIKELY_CLASS_NAMES);
  return likely !== undefined && free.includes(likely) ? likely : undefined;
}

/** Columns of words that repeat, and are no names of recordings. */
function wordColumns({ columns, names }: TableFacts, free: readonly number[]): number[] {
  return free.filter((column) => {
    const { isText, dates, repeats } = columns[column]!;
    return isText && dates === 0 && repeats && !GROUP_NAMES.test(key(names?.[column] ?? ''));
  });
}

function lastColumn({ columns }: TableFacts, free: readonly number[]): number | undefined {
  return free.filter((column) => columns[column]!.missing < columns[column]!.rows).at(-1);
}

/** Whether values are those of few classes, one of which is normal. */
export function saysNormal(facts: ColumnFacts, { normal }: Overrides): boolean {
  const { distinct, looksLikeClassNumbers, isText, repeats } = facts;
  if (distinct === undefined || !(looksLikeClassNumbers || (isText && repeats))) return false;
  const wanted = normal === undefined ? undefined : String(normal);
  return [...distinct.keys()].filter((name) => isNormalName(name, wanted)).length === 1;
}

function saysNormalInWords(facts: ColumnFacts, overrides: Overrides): boolean {
  const isPlain =
    overrides.normal === undefined && [...(facts.distinct?.keys() ?? [])].some((name) => PLAIN_VALUES.test(name));
  return !isPlain && saysNormal(facts, overrides);
}

/** What the spec says instead of a label column, where reading would find one that is none. */
export function withoutLabel({ names }: TableFacts, { columns }: Overrides): { readonly labelColumn?: string } {
  const mayBeFound = columns !== undefined || (names && uniqueOf(names, LIKELY_CLASS_NAMES)) !== undefined;
  return mayBeFound ? { labelColumn: NO_LABEL } : {};
}

/** The number of a column from its name or number. @throws TrainerError `invalid-data` */
export function columnOf({ names, columns, path, firstRows }: TableFacts, choice: unknown): number {
  const column = columnNumber(names, String(choice));
  if (column >= 0 && column < columns.length) return column;
  throw new TrainerError(
    'invalid-data',
    `${path} has no column ${String(choice).trim()}; ${names ? `its columns are ${listed(names)}` : `its ${columns.length} columns have no names and are numbered from 0; the first row is ${listed(firstRows[0] ?? [])}`}.`,
  );
}
