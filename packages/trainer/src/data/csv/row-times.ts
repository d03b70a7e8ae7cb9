// The times of a table's rows, and where they jump: rows on either side of a jump are no neighbours.

/** Steps of so many times the usual one are jumps: two rows or more are missing. */
const JUMP = 2.5;
/** What is no longer than so many usual steps is one. */
const USUAL = 1.5;
/** Where fewer of the steps are usual, rows come when they like, and nothing can be called missing. */
const FEWEST_USUAL = 0.8;
/** Of a table with more steps back than so many the newest row is the first. */
const NEWEST_FIRST = 0.8;
/** With more steps back, and fewer than those, rows are in no order. */
const MOST_BACK = 0.2;

const DAY = String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})`;
const CLOCK = String.raw`(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AP]M)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`;
const TIME = new RegExp(`^(?:${DAY})?(?:(?:^|[T\\s]\\s*)${CLOCK})?$`, 'i');

/**
 * Seconds from some beginning, or the number that the cell has in whatever unit; NaN where it tells no time, or has more than one.
 * Days are written as year, month, day, or as day, month, year; with slashes and AM or PM, or where the second number is above 12, the month is first.
 */
export function timeOf(cell: string): number {
  const text = cell.trim();
  if (text === '') return Number.NaN;
  const found = TIME.exec(text);
  if (found === null) return Number(text.replace(/^([+-]?\d*),(\d+)$/, '$1.$2'));
  const [, year, month, day, first, separator, second, lastYear, ...clock] = found;
  const [hour = '0', minute = '0', seconds = '0', fraction = '0', half, zone = ''] = clock;
  const isMonthFirst = Number(second) > 12 || (separator === '/' && half !== undefined);
  const date =
    year !== undefined
      ? Date.UTC(Number(year), Number(month) - 1, Number(day))
      : first !== undefined
        ? Date.UTC(Number(lastYear), Number(isMonthFirst ? first : second) - 1, Number(isMonthFirst ? second : first))
        : 0;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  const east = offset === null ? 0 : Number(`${offset[1]}1`) * (60 * Number(offset[2]) + Number(offset[3]));
  return date / 1000 + 3600 * hours + 60 * (Number(minute) - east) + Number(seconds) + Number(`0.${fraction}`);
}

export interface RowJumps {
  /** Rows before which time jumps. */
  readonly jumps: readonly number[];
  /** Rows that tell no time. */
  readonly unread: number;
  /** Whether rows come when they like, so that no step forwards can be called a jump, or in no order, so that none can. */
  readonly isUneven: boolean;
}

/**
 * Where time jumps: a step back, or forwards by more than 2.5 usual steps for each row. Rows without a time are passed over. Of a table whose newest row
 * is the first it is the other way round.
 * @param times of each row, NaN where a row tells none
 */
export function timeJumps(times: Float64Array): RowJumps {
  const rows = [...times.keys()].filter((row) => Number.isFinite(times[row]));
  const unread = times.length - rows.length;
  const raw = rows.slice(1).map((row, i) => (times[row]! - times[rows[i]!]!) / (row - rows[i]!));
  const moving = raw.filter((step) => step !== 0);
  const isReversed = moving.length > 0 && shareOf(moving, (step) => step < 0) > NEWEST_FIRST;
  const steps = isReversed ? raw.map((step) => -step) : raw;
  if (steps.length > 0 && shareOf(steps, (step) => step < 0) > MOST_BACK) return { jumps: [], unread, isUneven: true };
  const forwards = steps.filter((step) => step > 0).sort((a, b) => a - b);
  // Several rows may share the second in which they were written.
  const usual = 2 * forwards.length > steps.length ? forwards[forwards.length >> 1]! : (forwards[0] ?? 0);
  const isUneven = shareOf(steps, (step) => step <= USUAL * usual) < FEWEST_USUAL;
  const jumps = rows.slice(1).filter((_, i) => steps[i]! < 0 || (!isUneven && usual > 0 && steps[i]! > JUMP * usual));
  return { jumps, unread, isUneven };
}

/** 1 of no steps: nothing speaks against it. */
function shareOf(steps: readonly number[], isOne: (step: number) => boolean): number {
  return steps.length === 0 ? 1 : steps.filter(isOne).length / steps.length;
}
