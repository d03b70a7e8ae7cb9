// Where the times of a table's rows jump: rows on either side of a jump are no neighbours.

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
