// Whether the rows of a table are moments of a signal, and how long the windows are that become samples.
import type { ColumnRoles } from './column-roles.js';
import type { TableFacts } from './scan-csv.js';

/** A class stays for so many rows on average before rows are taken for moments of a signal. */
const MIN_RUN = 32;
const MAX_WINDOW = 64;
const MIN_WINDOW = 8;
/** Values of a window: int8 inputs in a part with 2 kB of memory, with as much again for the first layer. */
const MAX_VALUES = 768;

/** Windows side by side that are worth more than single rows. */
const FEWEST_WINDOWS = 20;

export interface WindowGuess {
  readonly window: number;
  readonly because: string;
}

/**
 * A window where a column tells the time, or where every class comes several times, and stays each time. A table that is sorted by class
 * has one run a class, and its rows are samples.
 */
export function guessWindow(facts: TableFacts, roles: ColumnRoles): WindowGuess | undefined {
  const { label, time, features } = roles;
  if (label < 0) return windowOfNormal(facts, roles);
  const { columns, rows, fileRows } = facts;
  const classes = columns[label]!.distinct?.size ?? rows;
  const runs = columns[label]!.changes + fileRows.filter((one) => one > 0).length;
  const run = rows / runs;
  if (run < MIN_RUN || classes < 2) return undefined;
  if (time === undefined && runs < 2 * classes) return undefined;
  return {
    window: windowWithin(run, features.length),
    because: `${time === undefined ? '' : 'a column tells the time, and '}a class stays for ${Math.round(run)} rows on average`,
  };
}

/** Of rows that are all normal: where a column tells the time, or each file is a recording. */
function windowOfNormal({ rows, fileRows }: TableFacts, { time, features }: ColumnRoles): WindowGuess | undefined {
  const files = fileRows.filter((one) => one > 0).length;
  const run = rows / files;
  if (run < MIN_RUN || (time === undefined && files < 2)) return undefined;
  const window = windowWithin(run, features.length);
  // Of one recording both parts are to have some.
  if (files < 2 && rows < FEWEST_WINDOWS * window) return undefined;
  const because = time === undefined ? 'rows of a recording are moments' : 'a column tells the time';
  return { window, because };
}

function windowWithin(run: number, features: number): number {
  const longest = Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, MAX_VALUES / features), run / 2);
  return 2 ** Math.floor(Math.log2(longest));
}
