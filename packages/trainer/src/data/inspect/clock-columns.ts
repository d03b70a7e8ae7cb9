// Columns that tell the time of a row, and columns that only rise or only fall, which tell it without saying so.
import { columnTitle, key } from '../csv/header.js';
import type { Assumption } from './inspection.js';
import type { TableFacts } from './scan-csv.js';

const UNIT =
  '(s|secs?|seconds?|sek(unden)?|ms|msecs?|millis(econds|ekunden)?|us|[µμ]s|micros|ns|nanos|min|h|hours?|iso|utc|gmt|unix|epoch|local|txt)';
const WORD =
  '(time ?stamp|date[ /]?time|date|time|datum|zeit(punkt|stempel)?|uhrzeit|epoch|unix[ _]?time|utc|sample ?time|logging ?time|t|ts|ms|us|ns|millis|micros|seconds?)';
/** A word for time, alone or with a unit of it behind: t, time_ms, Zeit (s), loggingTime(txt). */
const TIME_NAMES = new RegExp(
  `^(${WORD}([ _-]*[([]?${UNIT}[)\\]]?)?|time[ _([].*|timestamp[ _([].*|elapsed.*|${UNIT}[ _-]elapsed)$`,
);
/** T may be a temperature: a time rises so many times as often as it falls, where recordings begin anew. */
const MOSTLY = 3;
/** Of fewer rows any few numbers may rise. */
const MIN_ROWS = 40;

/** Whether a column tells the time: dates, or numbers of such a name that go on. */
export function isTimeColumn({ names, columns }: TableFacts, column: number): boolean {
  const cells = columns[column]!;
  if (cells.texts > 0) return cells.isText && 10 * cells.dates >= 9 * cells.texts;
  const name = key(names?.[column] ?? '');
  if (name === 't') return MOSTLY * cells.falls <= cells.rises && cells.rises > 0;
  return TIME_NAMES.test(name) && neverFallsFar(cells.rows, cells.changes, cells.isIncreasing);
}

/** Time goes on; where recordings follow each other it begins anew now and then. */
function neverFallsFar(rows: number, changes: number, isIncreasing: boolean): boolean {
  return isIncreasing || 2 * changes > rows;
}

/** Columns to learn from that say where in the file a row stands. */
export function clockAssumptions(facts: TableFacts, features: readonly number[]): Assumption[] {
  const clocks = features.filter((column) => {
    const { isSorted, rises, falls, rows } = facts.columns[column]!;
    return isSorted && rows >= MIN_ROWS && 2 * (rises + falls) > rows;
  });
  return clocks.map((column) => ({
    what: `learned from although it only ${facts.columns[column]!.rises > 0 ? 'rises' : 'falls'}: ${columnTitle(facts, column)}`,
    because: 'it tells where in the file a row stands; later data will be beyond it',
    change: `--ignore ${/^[\w.][\w.-]*$/.test(facts.names?.[column] ?? '') ? facts.names![column] : column}`,
  }));
}
