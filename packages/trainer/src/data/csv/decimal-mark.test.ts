// The decimal mark of a table: single cells of three digits behind a mark say nothing, others do.
import { expect, it } from 'vitest';
import { type DecimalMark, markOfTable } from './decimal-mark.js';

const markOf = (cells: string, separator: string, usual?: DecimalMark, decimal?: DecimalMark) => {
  const row = { cells: cells.split(' ') };
  const { decimal: mark, isOpen } = markOfTable([row], [...row.cells.keys()], { separator, decimal }, usual);
  return [mark, isOpen];
};

it('is the one that cells can only be meant with, whatever is usual', () => {
  expect(markOf('1.234 2,5', ';')).toEqual(['comma', false]);
  expect(markOf('1,234 2.5', ';', 'comma')).toEqual(['point', false]);
  expect(markOf('1.234 0.125', ';', 'comma')).toEqual(['point', false]);
  expect(markOf('1.234 1.234.567', ';', 'point')).toEqual(['comma', false]);
  expect(markOf('1,234 1,234.5', ',', 'comma')).toEqual(['point', false]);
});

it('is the usual one where the table leaves it open, but not where commas divide the cells', () => {
  expect(markOf('1.234 12.500', ';', 'comma')).toEqual(['comma', true]);
  expect(markOf('1,234', ';', 'point')).toEqual(['point', true]);
  expect(markOf('1.234', ';')).toEqual([undefined, true]);
  expect(markOf('1.234', ',', 'comma')).toEqual(['point', true]);
  expect(markOf('1,234', ',', 'comma')).toEqual(['comma', true]);
});

it('is left to every cell where nothing may be meant either way, or marks are mixed', () => {
  expect(markOf('1,5 2,5', ';', 'point')).toEqual([undefined, false]);
  expect(markOf('1,5 2.5 1.234', ';', 'comma')).toEqual([undefined, true]);
  expect(markOf('1.234', ';', 'comma', 'point')).toEqual(['point', false]);
});

it('is not told from columns that are not read', () => {
  const rows = ['00.01 1,234', '00.02 2,345'].map((cells) => ({ cells: cells.split(' ') }));
  expect(markOfTable(rows, [1], { separator: ';' }, 'comma')).toMatchObject({ decimal: 'comma', isOpen: true });
  expect(markOfTable(rows, [0, 1], { separator: ';' }, 'comma')).toMatchObject({ decimal: 'point' });
});
