// Whether the rows of a table are moments of a signal, and how long the windows are that become samples.
import type { ColumnRoles } from './column-roles.js';
import type { TableFacts } from './scan-csv.js';

/** A class stays for so many rows on average before rows are taken for moments of a signal. */
const MIN_RUN = 32;
const MAX_WINDOW = 64;
const MIN_WINDOW = 8;
/** Values of a window: int8 inputs in a part with 2 kB of memory, with as much again for the first layer. */
const MAX_VALUES = 768;

export interface WindowGuess {
  readonly window: number;
  readonly because: string;
}

/**
 * A window where a column tells the time, or where every class comes several times, and stays each time. A table that is sorted by class
 * has one run a class, and its rows are samples.
 */
export function guessWindow({ columns, rows, fileRows }: TableFacts, roles: ColumnRoles): WindowGuess | undefined {
  const { label, time, features } = roles;
  const classes = columns[label]!.distinct?.size ?? rows;
  const runs = columns[label]!.changes + fileRows.filter((one) => one > 0).length;
  const run = rows / runs;
  if (run < MIN_RUN || classes < 2) return undefined;
  if (time === undefined && runs < 2 * classes) return undefined;
  const longest = Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, MAX_VALUES / features.length), run / 2);
  const window = 2 ** Math.floor(Math.log2(longest));
  return {
    window,
    because: `${time === undefined ? '' : 'a column tells the time, and '}a class stays for ${Math.round(run)} rows on average`,
  };
}
