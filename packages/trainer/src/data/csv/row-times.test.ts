import { describe, expect, it } from 'vitest';
import { timeJumps, timeOf } from './row-times.js';

describe('the time of a row', () => {
  it.each([
    ['2026-01-05T09:00:00.020Z', '2026-01-05T09:00:01.520Z', 1.5],
    ['2026/01/05 9:00', '2026/01/06 9:00', 86_400],
    ['01.03.2026 23:59:59', '02.03.2026 00:00:01', 2],
    ['09:00:00,5', '09:00:01', 0.5],
    ['2026-01-31', '2026-02-01', 86_400],
    ['12,5', '14', 1.5],
    ['1767603600020', '1767603600040', 20],
  ])('%s to %s is %f', (from, to, step) => {
    expect(timeOf(to) - timeOf(from)).toBeCloseTo(step, 6);
  });

  it.each(['', 'soon', 'n/a'])('"%s" tells none', (cell) => {
    expect(timeOf(cell)).toBeNaN();
  });
});

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
    expect(timeJumps(withSteps({ 50: 40, 80: 60, 120: -5000 }))).toEqual([80, 120]);
  });

  it('rows that share a second, as clocks without fractions write them, are none', () => {
    const seconds = Float64Array.from({ length: 200 }, (_, row) => Math.floor(row / 50) + (row >= 100 ? 30 : 0));
    expect(timeJumps(seconds)).toEqual([100]);
  });

  it('are not looked for where every row comes when it likes, or where none tells the time', () => {
    expect(timeJumps(Float64Array.from({ length: 200 }, (_, row) => 1.2 ** row))).toEqual([]);
    expect(timeJumps(new Float64Array(200).fill(Number.NaN))).toEqual([]);
  });
});
