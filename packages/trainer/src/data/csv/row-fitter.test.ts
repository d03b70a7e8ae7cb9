import { describe, expect, it } from 'vitest';
import { rowFitter } from './rows.js';

const fit = (first: string, ...rows: readonly string[]) => {
  const cells = first.split(';');
  return rows
    .map((row) => row.split(';'))
    .map(rowFitter(cells.length, cells.at(-1) === ''))
    .map((row) => row.join(';'));
};

describe('separators at the end', () => {
  it('of all rows but the first, or of the first alone, make no column', () => {
    expect(fit('a;b', '1;2;', '3;4;')).toEqual(['1;2', '3;4']);
    expect(fit('a;b;', '1;2', '3;4')).toEqual(['1;2;', '3;4;']);
    expect(fit('a;b;', '1;2;', '3;;')).toEqual(['1;2;', '3;;']);
  });

  it('leave the last value missing where no row has one', () => {
    expect(fit('a;b', '1;', '3;4')).toEqual(['1;', '3;4']);
  });

  it('make no value of a row that lost a cell: it has too few', () => {
    // The second row may be 3 and 5 of three columns; its 5 must not come under b.
    expect(fit('a;b;c', '1;2;3;', '3;5;')).toEqual(['1;2;3', '3;5']);
    expect(fit('a;b;c;', '1;2;3;', '3;5;')).toEqual(['1;2;3;', '3;5;']);
  });
});
