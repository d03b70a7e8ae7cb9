// What the values of a row are together: a row of a table, the pixels of a picture, or a stretch of a signal.
import { parseNumber } from '../csv/numbers.js';
import type { TableFacts } from './scan-csv.js';

/** Pixels of the smallest picture that is taken for one: 12×12. */
const MIN_PIXELS = 144;
/** Values of the shortest signal that is taken for one. */
export const MIN_SIGNAL = 16;
/** Neighbours of a signal are correlated at least so much; of tables it is near 0. */
export const MIN_CORRELATION = 0.75;

/** Whether most columns have whole numbers of 0 to 255, as pixels do, with some of the large ones. */
export function isPixelTable({ columns }: Pick<TableFacts, 'columns'>): boolean {
  const pixels = columns.filter(
    ({ isWhole, texts, smallest, largest }) => isWhole && texts === 0 && smallest >= 0 && largest <= 255,
  );
  return (
    columns.length >= MIN_PIXELS && pixels.length >= columns.length - 1 && pixels.some(({ largest }) => largest > 63)
  );
}

/** [1, side, side] where the columns are the pixels of a square picture. */
export function pictureShape(facts: TableFacts, features: readonly number[]): [number, number, number] | undefined {
  const side = Math.sqrt(features.length);
  const pixels = { columns: features.map((column) => facts.columns[column]!) };
  return Number.isInteger(side) && isPixelTable(pixels) ? [1, side, side] : undefined;
}

/** Whether the values of a row follow each other as those of a signal: each is near the one before. */
export function looksLikeSignal({ firstRows, style }: TableFacts, features: readonly number[]): boolean {
  if (features.length < MIN_SIGNAL || features.some((column, i) => i > 0 && column !== features[i - 1]! + 1))
    return false;
  const rows = firstRows.map((cells) => features.map((column) => parseNumber(cells[column]!, style) ?? Number.NaN));
  return neighbourCorrelation(rows) >= MIN_CORRELATION;
}

/** Mean over the rows of the correlation of each value with the next one, −1 … 1; rows of one value, or with gaps, do not count. */
export function neighbourCorrelation(rows: readonly (readonly number[])[]): number {
  let sum = 0;
  let counted = 0;
  for (const values of rows) {
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    const square = values.reduce((total, value) => total + (value - mean) ** 2, 0);
    if (!(square > 0)) continue;
    // Every row counts the same, whatever its amplitude.
    sum += values.slice(1).reduce((total, value, i) => total + (value - mean) * (values[i]! - mean), 0) / square;
    counted++;
  }
  return counted === 0 ? 0 : sum / counted;
}
