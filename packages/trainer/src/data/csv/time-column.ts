// The times that a column tells. Which of its numbers are days and which are months is decided once, for all of its rows.
import { type RowJumps, timeJumps } from './row-times.js';

const DAY = String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})`;
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`;
const TIME = new RegExp(`^(?:${DAY})?(?:(?:^|[T\\s]\\s*)${CLOCK})?$`, 'i');

/** What stands first in days whose year is the last. */
export type DayOrder = 'day' | 'month';

export interface ColumnTimes {
  /** Of each cell: seconds from some beginning, or the number that the cell has in whatever unit; NaN where it tells no time, or has more than one. */
  readonly times: Float64Array;
  /** What was taken to stand first, where no number above 12 says it and time would jump elsewhere the other way round. */
  readonly guessed?: DayOrder;
}

/** Takes the cells of a column one by one, and keeps no text of them. */
export class TimeColumn {
  readonly #dayFirst: number[] = [];
  /** Absent until a day is written with its year at the end. */
  #monthFirst: number[] | undefined;
  /** Cells that can only be read one way, and such as Americans write where both can be. */
  #dayCells = 0;
  #monthCells = 0;
  #hasHalves = false;

  add(cell: string): void {
    const { day, month, hasHalf } = readingsOf(cell);
    if (!Object.is(day, month)) this.#monthFirst ??= [...this.#dayFirst];
    this.#dayFirst.push(day);
    this.#monthFirst?.push(month);
    if (Number.isNaN(month) && !Number.isNaN(day)) this.#dayCells++;
    if (Number.isNaN(day) && !Number.isNaN(month)) this.#monthCells++;
    this.#hasHalves ||= hasHalf;
  }

  /**
   * Days are written as year, month, day, or with the year at the end. A number above 12 in any row says for all rows what stands first there. Where
   * there is none, the order is taken by which time jumps less often, and by which it goes less far; else the month is first with slashes and AM or PM,
   * and the day without.
   */
  finish(): ColumnTimes {
    const day = Float64Array.from(this.#dayFirst);
    if (this.#monthFirst === undefined) return { times: day };
    const month = Float64Array.from(this.#monthFirst);
    // Where rows contradict each other, the fewer tell no time.
    if (this.#dayCells !== this.#monthCells) return { times: this.#dayCells > this.#monthCells ? day : month };
    const [ofDay, ofMonth] = [unsteadiness(day), unsteadiness(month)];
    const difference = ofDay.jumps.length - ofMonth.jumps.length || ofDay.way - ofMonth.way;
    const guessed: DayOrder = difference > 0 || (difference === 0 && this.#hasHalves) ? 'month' : 'day';
    const times = guessed === 'day' ? day : month;
    return { times, ...(ofDay.jumps.join() !== ofMonth.jumps.join() && { guessed }) };
  }
}

/** The times of all cells of a column, as `TimeColumn` reads them. */
export function timesOf(cells: Iterable<string>): Float64Array {
  const column = new TimeColumn();
  for (const cell of cells) column.add(cell);
  return column.finish().times;
}

/** What is said of a column of times. @param title what sentences call it */
export function timeNotes(title: string, { times, guessed }: ColumnTimes, found: RowJumps): string[] {
  const { jumps, unread, isUneven } = found;
  const often = jumps.length === 1 ? 'once' : `${jumps.length} times`;
  const rows = unread === 1 ? '1 row' : `${unread} rows`;
  return [
    ...(guessed ? [`${title} is read with the ${guessed} first, by which its rows follow each other best.`] : []),
    ...(jumps.length > 0 ? [`${title} jumps ${often}; no window reaches over that.`] : []),
    ...(unread > 0 ? [`${title} tells no time in ${rows} of ${times.length}; a jump there may go unseen.`] : []),
    ...(isUneven ? [`${title} goes on so unevenly that gaps cannot be told; windows may reach over them.`] : []),
  ];
}

/** The time of a cell, read with the day first and with the month first; the same unless its year is at the end. */
function readingsOf(cell: string): { day: number; month: number; hasHalf: boolean } {
  const same = (time: number) => ({ day: time, month: time, hasHalf: false });
  const text = cell.trim();
  if (text === '') return same(Number.NaN);
  const found = TIME.exec(text);
  if (found === null) return same(Number(text.replace(/^([+-]?\d*),(\d+)$/, '$1.$2')));
  const [, year, month, day, first, separator, second, lastYear, ...clock] = found;
  const [hour = '0', minute = '0', seconds = '0', fraction = '0', half, zone = ''] = clock;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const east = offset === null ? 0 : Number(`${offset[1]}1`) * (60 * Number(offset[2]) + Number(offset[3]));
  const ofDay = 3600 * hours + 60 * (Number(minute) - east) + Number(seconds) + Number(`0.${fraction}`);
  if (year !== undefined) return same(dateOf(year, month!, day!) + ofDay);
  if (first === undefined) return same(ofDay);
  return {
    day: dateOf(lastYear!, second!, first) + ofDay,
    month: dateOf(lastYear!, first, second!) + ofDay,
    hasHalf: separator === '/' && half !== undefined,
  };
}

/** Seconds since 1970; NaN for what is no month or no day. */
function dateOf(year: string, month: string, day: string): number {
  const isDate = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31;
  return isDate ? Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 : Number.NaN;
}

/** Rows before which time jumps, or turns where it jumps nowhere for being in no order, and the way that it goes forwards and back. */
function unsteadiness(times: Float64Array): { jumps: readonly number[]; way: number } {
  const rows = [...times.keys()].filter((row) => Number.isFinite(times[row]));
  const steps = rows.slice(1).map((row, i) => times[row]! - times[rows[i]!]!);
  const { jumps, isUneven } = timeJumps(times);
  return {
    jumps: isUneven ? rows.slice(1) : jumps,
    way: steps.reduce((sum, step) => sum + Math.abs(step), 0),
  };
}
