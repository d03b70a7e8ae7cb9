import { describe, expect, it } from 'vitest';
import { readPlainRows } from './plain-rows.js';
import { readCsvText } from './read-csv.js';
import { isUnitsRow } from './units-row.js';

const isNumber = (cell: string) => cell.trim() !== '' && Number.isFinite(Number(cell));
const ROWS = [
  ['08:00', '1.5', '20', 'walk'],
  ['08:01', '1.7', '21', 'run'],
];

async function* once(text: string) {
  yield new TextEncoder().encode(text);
}
async function* text(csv: string) {
  yield csv;
}

describe('a row of units', () => {
  it.each([
    [['[ISO]', 'm/s²', '°C', ''], true],
    [['', 'V', '', '-'], true],
    // What is missing says nothing, and one number makes a sample with a bad cell.
    [['', '', '', 'walk'], false],
    [['08:00', 'nan', 'NA', 'walk'], false],
    [['08:00', 'bad', '20', 'walk'], false],
    [['08:00', '1', '2', 'walk'], false],
    // A class that comes again: a sample whose numbers are all bad.
    [['07:59', 'ERR', 'ERR', 'walk'], false],
  ])('%j: %s', (cells, expected) => expect(isUnitsRow(cells, ROWS, isNumber)).toBe(expected));

  it('is none where nothing but words stands below, or nothing at all', () => {
    expect(isUnitsRow(['a', 'b'], [['c', 'd']], isNumber)).toBe(false);
    expect(isUnitsRow(['a', 'b'], [], isNumber)).toBe(false);
    expect(isUnitsRow(undefined, [], isNumber)).toBe(false);
  });

  it('is passed over by training and by what classifies rows later, which both count the same samples', async () => {
    const csv = 'x,y,kind\nm,s,-\n1,2,a\n3,4,b\n';
    const table = await readCsvText(text(csv), 't');
    expect(table.classes).toEqual(['a', 'b']);
    expect(table.rowClasses).toHaveLength(2);
    const plain = await readPlainRows(once(csv), 't', { known: ['x', 'y'] });
    expect(plain.units).toEqual({ cells: ['m', 's', '-'], line: 2 });
    expect(plain.rows.map(({ cells }) => cells.join())).toEqual(['1,2,a', '3,4,b']);
  });

  it('of a test file is passed over as well, whether the training file has one or not', async () => {
    const like = await readCsvText(text('x,y,kind\n1,2,a\n3,4,b\n'), 't');
    const test = await readCsvText(text('x,y,kind\nm,s,-\n1,2,a\n3,4,b\n'), 'u', { like });
    expect(test.rowClasses).toHaveLength(2);
  });

  it('keeps a first row with one bad cell a sample, which is refused by name', async () => {
    await expect(readCsvText(text('x,y,kind\nbad,2,a\n3,4,b\n5,6,a\n'), 't')).rejects.toThrow(
      /line 2: column 'x': 'bad' is not a number/,
    );
  });
});
