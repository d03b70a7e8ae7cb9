// The row between names and numbers in which data loggers write units.
import { isMissing } from './numbers.js';

/**
 * Whether a row below the names has units, or other words on each column: words, and no number, where the rows below it have numbers. Beside a number a
 * word is a bad cell.
 * @param cells the first row below the names @param rest the rows below that one, of the same width
 */
export function isUnitsRow(
  cells: readonly string[] | undefined,
  rest: readonly (readonly string[])[],
  isNumber: (cell: string) => boolean,
): boolean {
  if (cells === undefined) return false;
  const rows = rest.filter(({ length }) => length === cells.length);
  const numeric = [...cells.keys()].filter((column) => {
    const filled = rows.filter((row) => !isMissing(row[column]!));
    return filled.length > 0 && 2 * filled.filter((row) => isNumber(row[column]!)).length > filled.length;
  });
  // A word that comes again is no unit but a bad cell, and a class that comes again says that this is a sample.
  const comesAgain = [...cells.keys()].some(
    (column) => !isMissing(cells[column]!) && rows.some((row) => row[column]!.trim() === cells[column]!.trim()),
  );
  if (comesAgain) return false;
  const words = numeric.filter((column) => !isNumber(cells[column]!) && !isMissing(cells[column]!));
  return words.length > 0 && numeric.every((column) => !isNumber(cells[column]!));
}
