import { describe, expect, it } from 'vitest';
import { timeJumps } from './row-times.js';
import { TimeColumn, timesOf } from './time-column.js';

describe('the time of a row', () => {
  it.each([
    ['2026-01-05T09:00:00.020Z', '2026-01-05T09:00:01.520Z', 1.5],
    ['2026/01/05 9:00', '2026/01/06 9:00', 86_400],
    ['01.03.2026 23:59:59', '02.03.2026 00:00:01', 2],
    ['03/01/2026 23:59:59', '03/02/2026 00:00:01', 2],
    ['09:00:00,5', '09:00:01', 0.5],
    ['2026-01-31', '2026-02-01', 86_400],
    ['12,5', '14', 1.5],
    ['1767603600020', '1767603600040', 20],
    ['01/05/2026 11:59:59 AM', '01/05/2026 12:00:01 PM', 2],
    ['03/04/2026 11:59:59 PM', '03/05/2026 12:00:00 AM', 1],
    ['2026-03-29 02:30:00+01:00', '2026-03-29 03:30:01+02:00', 1],
  ])('%s to %s is %f', (from, to, step) => {
    const [begin, end] = timesOf([from, to]);
    expect(end! - begin!).toBeCloseTo(step, 6);
  });

  it.each([
    '',
    'soon',
    'n/a',
    'Mon Jan 5 09:00:00',
    '20260105T090000Z',
    '1,234,567',
    '2026-01-05 9 o’clock',
    '13/13/2026',
    '2026-13-01',
  ])('"%s" tells none', (cell) => {
    expect(timesOf([cell])).toEqual(Float64Array.of(Number.NaN));
  });
});

/** Seconds since 1970 as people write them: `dmy/` is 31/12/2026 23:50. */
function written(seconds: number, style: string): string {
  const [year, month, day, clock] = new Date(1000 * seconds).toISOString().split(/[-T]/) as [
    string,
    string,
    string,
    string,
  ];
  const parts: Record<string, string> = { y: year, m: month, d: day };
  const date = [...style.slice(0, 3)].map((part) => parts[part]!).join(style[3]);
  return `${date} ${clock.slice(0, 5)}`;
}

/** Rows every 10 minutes from a day on. */
const rowsFrom = (date: string, days: number) =>
  Array.from({ length: 144 * days }, (_, row) => Date.parse(`${date}T00:00:00Z`) / 1000 + 600 * row);

describe('days whose year is at the end', () => {
  const styles = ['mdy/', 'dmy/', 'dmy.', 'mdy-'];

  // Two weeks have days above 12; one week has none, and only the steps tell.
  it.each(
    styles.flatMap((style) =>
      [
        ['2026-01-03', 21],
        ['2026-01-03', 7],
        ['2026-11-28', 9],
        ['2026-12-30', 10],
        ['2026-04-04', 2],
      ].map(([date, days]) => [style, date, days] as [string, string, number]),
    ),
  )('%s from %s, %i days', (style, date, days) => {
    const seconds = rowsFrom(date, days);
    expect([...timesOf(seconds.map((time) => written(time, style)))]).toEqual(seconds);
    // The newest row first.
    const back = seconds.toReversed();
    expect([...timesOf(back.map((time) => written(time, style)))]).toEqual(back);
  });

  it('have the jumps that are there', () => {
    const seconds = rowsFrom('2026-01-03', 6).map((time, row) => (row < 300 ? time : time + 7200));
    for (const style of [...styles, 'ymd-']) {
      const times = timesOf(seconds.map((time) => written(time, style)));
      expect(timeJumps(times).jumps, style).toEqual([300]);
    }
  });

  it('are read as one number above 12 says, wherever it stands', () => {
    const seconds = [...rowsFrom('2026-03-01', 1), ...rowsFrom('2026-05-01', 1), ...rowsFrom('2026-05-20', 1)];
    for (const style of styles) {
      expect([...timesOf(seconds.map((time) => written(time, style)))], style).toEqual(seconds);
    }
  });

  it('contradict each other: the fewer tell no time', () => {
    const times = timesOf(['01/13/2026', '01/14/2026', '15/01/2026', '01/02/2026']);
    expect([...times]).toEqual([
      ...['01-13', '01-14'].map((day) => Date.parse(`2026-${day}`) / 1000),
      Number.NaN,
      Date.parse('2026-01-02') / 1000,
    ]);
  });

  it('a guess is said where jumps depend on it', () => {
    const guessedOf = (seconds: readonly number[], style: string) => {
      const column = new TimeColumn();
      for (const time of seconds) column.add(written(time, style));
      return column.finish().guessed;
    };
    expect(guessedOf(rowsFrom('2026-01-03', 7), 'mdy/')).toBe('month');
    expect(guessedOf(rowsFrom('2026-01-03', 7), 'dmy/')).toBe('day');
    expect(guessedOf(rowsFrom('2026-01-03', 21), 'mdy/')).toBeUndefined();
    expect(guessedOf(rowsFrom('2026-01-03', 1), 'mdy/')).toBeUndefined();
    expect(guessedOf(rowsFrom('2026-01-03', 7), 'ymd/')).toBeUndefined();
  });
});
