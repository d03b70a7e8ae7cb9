// Whether single rows of a table depend on their neighbours, so that a row of the test part must not lie between two of the training part.
import type { NumericArray, TextArray } from '../npy.js';
import { ColumnFacts } from './column-facts.js';
import type { ColumnRoles } from './column-roles.js';
import type { Assumption, Overrides } from './inspection.js';
import type { TableFacts } from './scan-csv.js';

/** So few changes of the class, as a share of those of mixed rows, and rows are in the order of something. */
const FEW_CHANGES = 0.5;
/** Of mixed rows the correlation of neighbours is within ±2/√rows of 0. */
const CORRELATED = 0.5;
/** Of fewer rows nothing is told. */
const MIN_ROWS = 40;

/** Keys of a spec, and the assumptions in them. */
export interface Part {
  readonly keys: Record<string, unknown>;
  readonly assumptions: readonly Assumption[];
}

/** Rows that are samples each, and how they are divided. */
export function singleRows(facts: TableFacts, roles: ColumnRoles, { task, splitBy }: Overrides): Part {
  const why = roles.group === undefined && splitBy === undefined ? dependence(facts, roles, task) : undefined;
  const windows = '--window ROWS --hop ROWS';
  if (why === undefined) {
    const because =
      roles.group === undefined
        ? splitBy === undefined
          ? 'neighbouring rows are independent'
          : 'as asked'
        : 'those of a group go to the same part';
    return { keys: {}, assumptions: [{ what: 'samples: single rows', because, change: windows }] };
  }
  return {
    keys: { splitBy: 'blocks' },
    assumptions: [
      {
        what: 'samples: single rows; neighbours go to the same part',
        because: why,
        change: `${windows}, or --data-split-by stratified`,
      },
    ],
  };
}

/**
 * Why neighbouring rows are taken for dependent; undefined where they are not. Of classes: they stay for longer than chance would have them, and come
 * more than once each (a table that is sorted by class has one run a class). Of numbers to predict, and of rows that are all normal: they are near those
 * of the row before, and the table is sorted by none of its columns.
 */
function dependence(
  { columns, rows, fileRows }: TableFacts,
  { label, features, time }: Pick<ColumnRoles, 'label' | 'features' | 'time'>,
  task: unknown,
): string | undefined {
  if (rows < MIN_ROWS || fileRows.length > 1) return undefined;
  const own = label < 0 ? undefined : columns[label]!;
  if (own !== undefined && task !== 'regression') return classStays(own, rows);
  const values = features.map((column) => columns[column]!);
  if (time === undefined && [...values, ...(own ? [own] : [])].some(({ isSorted }) => isSorted)) return undefined;
  const nearest = Math.max(...values.map(({ neighbourCorrelation }) => neighbourCorrelation));
  const least = own ? Math.min(own.neighbourCorrelation, nearest) : nearest;
  if (least < CORRELATED) return undefined;
  const which = own ? 'the value' : 'a column';
  return `${which} is near that of the row before: correlation ${(own?.neighbourCorrelation ?? nearest).toFixed(2)}`;
}

/** The same of arrays in the order of time, as windows of a recording are, by what stands for the answer of each sample. */
export function arrayDependence(labels: NumericArray | TextArray, task: unknown): string | undefined {
  const [rows, columns = 1] = labels.dimensions as readonly [number, number?];
  if (rows < MIN_ROWS) return undefined;
  const own = new ColumnFacts();
  for (let row = 0; row < rows; row++) {
    const at = (column: number) => ('texts' in labels ? labels.texts : labels.values)[row * columns + column]!;
    const cells = Array.from({ length: columns }, (_, column) => at(column));
    own.add(task === 'regression' ? String(cells[0]) : cells.join(' '), { separator: ';', decimal: 'point' });
  }
  if (task !== 'regression') return classStays(own, rows);
  if (own.isSorted || own.neighbourCorrelation < CORRELATED) return undefined;
  return `the value is near that of the sample before: correlation ${own.neighbourCorrelation.toFixed(2)}`;
}

function classStays({ distinct, changes }: ColumnFacts, rows: number): string | undefined {
  if (distinct === undefined || changes + 1 < 2 * distinct.size) return undefined;
  let same = 0;
  for (const count of distinct.values()) same += (count / rows) ** 2;
  const ofMixed = (rows - 1) * (1 - same);
  if (changes >= FEW_CHANGES * ofMixed) return undefined;
  const stay = (count: number) => Number((rows / (count + 1)).toPrecision(2));
  return `a class stays for ${stay(changes)} rows on average, of mixed rows for ${stay(ofMixed)}`;
}
