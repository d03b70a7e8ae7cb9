import { describe, expect, it } from 'vitest';
import { timeJumps } from './row-times.js';

describe('jumps of time', () => {
  /** 200 rows, 20 ms each, with the steps changed. */
  const withSteps = (changed: Readonly<Record<number, number>>) => {
    let time = 0;
    return Float64Array.from({ length: 200 }, (_, row) => {
      time += changed[row] ?? 20;
      return time;
    });
  };

  it('are steps of more than 2.5 usual ones, and steps back', () => {
    expect(timeJumps(withSteps({ 50: 40, 80: 60, 120: -5000 }))).toEqual({
      jumps: [80, 120],
      unread: 0,
      isUneven: false,
    });
  });

  it('are found between many short recordings, behind one another in time or each from the beginning', () => {
    const recordings = (start: number) =>
      Float64Array.from({ length: 1200 }, (_, row) => start * Math.floor(row / 40) + 20 * (row % 40));
    const begins = Array.from({ length: 29 }, (_, i) => 40 * (i + 1));
    expect(timeJumps(recordings(0)).jumps).toEqual(begins);
    expect(timeJumps(recordings(100_000)).jumps).toEqual(begins);
  });

  it('are found in a table whose newest row is the first', () => {
    expect(timeJumps(withSteps({ 80: 60, 120: 5000 }).map((time) => -time)).jumps).toEqual([80, 120]);
  });

  it('are found beside a row that tells no time', () => {
    const times = withSteps({ 50: 5000 });
    times[49] = Number.NaN;
    expect(timeJumps(times)).toEqual({ jumps: [50], unread: 1, isUneven: false });
    times[50] = Number.NaN;
    expect(timeJumps(times).jumps).toEqual([51]);
  });

  it('rows that share a second, as clocks without fractions write them, are none', () => {
    const seconds = Float64Array.from({ length: 200 }, (_, row) => Math.floor(row / 50) + (row >= 100 ? 30 : 0));
    expect(timeJumps(seconds).jumps).toEqual([100]);
  });

  it('are not looked for where every row comes when it likes, or in no order, which is told', () => {
    const growing = Float64Array.from({ length: 200 }, (_, row) => 1.2 ** row);
    expect(timeJumps(growing)).toEqual({ jumps: [], unread: 0, isUneven: true });
    const unordered = Float64Array.from({ length: 200 }, (_, row) => (row * 77) % 200);
    expect(timeJumps(unordered)).toMatchObject({ jumps: [], isUneven: true });
    expect(timeJumps(new Float64Array(200).fill(Number.NaN))).toEqual({ jumps: [], unread: 200, isUneven: false });
    expect(timeJumps(new Float64Array(0))).toEqual({ jumps: [], unread: 0, isUneven: false });
  });
});
