// Cells of text as numbers, with a decimal point or, where the comma separates no cells, a decimal comma.

const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;

/** Whether a cell writes a number with a decimal comma. */
export function hasDecimalComma(cell: string): boolean {
  return DECIMAL_COMMA.test(cell.trim());
}

/** The finite number in a cell; undefined for anything else, an empty cell and NaN among them. */
export function parseNumber(cell: string, separator: string): number | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value)) return value;
  return separator !== ',' && DECIMAL_COMMA.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/** Whether a cell stands for no value: empty, or as pandas and spreadsheets write it. */
export function isMissing(cell: string): boolean {
  return /^(|nan|n\/a|#n\/a|null)$/i.test(cell.trim());
}

/** A class as it is named: whole numbers written as fractions (`1.0`, pandas' habit beside missing values) are whole. */
export function className(cell: string): string {
  const text = cell.trim();
  const whole = /^([+-]?\d+)\.0*$/.exec(text);
  return whole ? whole[1]!.replace(/^\+/, '') : text;
}
