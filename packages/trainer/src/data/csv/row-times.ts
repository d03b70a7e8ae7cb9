// The times of a table's rows, and where they jump: rows on either side of a jump are no neighbours.

/** Steps of so many times the usual one are jumps: two rows or more are missing. */
const JUMP = 2.5;
/** Where more of the steps are longer, rows come when they like, and nothing can be called missing. */
const MOST_JUMPS = 0.02;

const DAY = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])/;
/** Day and month as most of Europe writes them; which is which does not matter to jumps within a day. */
const DAY_FIRST = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?=$|[T\s])/;
const CLOCK = /(?:^|[T\s])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/** Seconds from some beginning, or the number that the cell has in whatever unit; NaN where it tells no time. */
export function timeOf(cell: string): number {
  const text = cell.trim();
  const clock = CLOCK.exec(text);
  const day = DAY.exec(text);
  const dayFirst = day === null ? DAY_FIRST.exec(text) : null;
  if (clock === null && day === null && dayFirst === null) {
    return text === '' ? Number.NaN : Number(text.replace(/^([+-]?\d*),(\d+)$/, '$1.$2'));
  }
  const [year, month, date] = day
    ? [Number(day[1]), Number(day[2]), Number(day[3])]
    : dayFirst
      ? [Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1])]
      : [1970, 1, 1];
  const fraction = clock?.[4] === undefined ? 0 : Number(`0.${clock[4]}`);
  const seconds = 3600 * Number(clock?.[1] ?? 0) + 60 * Number(clock?.[2] ?? 0) + Number(clock?.[3] ?? 0);
  return Date.UTC(year, month - 1, date) / 1000 + seconds + fraction;
}

/**
 * Rows before which time jumps: forwards by more than 2.5 usual steps, or backwards. None where steps are so uneven that more than 2 % of them would be.
 * @param times of each row, NaN where a row tells none
 */
export function timeJumps(times: Float64Array): number[] {
  const steps = times.subarray(1).map((time, i) => time - times[i]!);
  const forwards = steps.filter((step) => step > 0).sort();
  // Several rows may share the second in which they were written.
  const usual = 2 * forwards.length > steps.length ? forwards[forwards.length >> 1]! : forwards[0];
  if (usual === undefined) return [];
  const jumps: number[] = [];
  steps.forEach((step, i) => {
    if (step < 0 || step > JUMP * usual) jumps.push(i + 1);
  });
  return jumps.length > MOST_JUMPS * steps.length ? [] : jumps;
}
