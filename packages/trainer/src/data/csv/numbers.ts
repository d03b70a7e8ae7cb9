// Cells of text as numbers, with a decimal point or, where the comma separates no cells, a decimal comma.

/** How numbers are written in a file. */
export interface NumberStyle {
  /** The character between two cells. */
  readonly separator: string;
  /** The decimal mark, the other one then separates thousands; absent: a point, or a comma where that separates no cells. */
  readonly decimal?: 'point' | 'comma' | undefined;
}

const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;
const POINT_THOUSANDS = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/;
const COMMA_THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;

/** Whether a cell writes a number with a decimal comma. */
export function hasDecimalComma(cell: string): boolean {
  return DECIMAL_COMMA.test(cell.trim());
}

/** Whether a cell can only be meant with commas between thousands: two of them, or a point behind. */
export function hasCommaThousands(cell: string): boolean {
  return /^[+-]?\d{1,3}(,\d{3}){2,}$|^[+-]?\d{1,3}(,\d{3})+\.\d+$/.test(cell.trim());
}

/** The same of points. */
export function hasPointThousands(cell: string): boolean {
  return /^[+-]?\d{1,3}(\.\d{3}){2,}$|^[+-]?\d{1,3}(\.\d{3})+,\d+$/.test(cell.trim());
}

/** The finite number in a cell; undefined for anything else, an empty cell and NaN among them. */
export function parseNumber(cell: string, { separator, decimal }: NumberStyle): number | undefined {
  const text = cell.trim();
  if (text === '') return undefined;
  if (decimal === 'comma') {
    if (POINT_THOUSANDS.test(text)) return Number(text.replaceAll('.', '').replace(',', '.'));
    return text.includes('.') ? undefined : finite(text.replace(',', '.'));
  }
  const value = finite(text);
  if (value !== undefined) return value;
  if (decimal === 'point') return COMMA_THOUSANDS.test(text) ? Number(text.replaceAll(',', '')) : undefined;
  return separator !== ',' && DECIMAL_COMMA.test(text) ? Number(text.replace(',', '.')) : undefined;
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a cell stands for no value: empty, or as pandas, R, spreadsheets and the UCI repository write it. */
export function isMissing(cell: string): boolean {
  return /^(|-?nan|na|n\/a|<na>|#n\/a|null|none|\?|-|--|\.)$/i.test(cell.trim());
}

/** Whether a cell of the class column names none: empty, or as pandas writes it. The other words for no value are names of classes there. */
export function lacksClass(cell: string): boolean {
  const text = cell.trim();
  return text === '' || text.toLowerCase() === 'nan';
}

/** A class as it is named: whole numbers written as fractions (`1.0`, pandas' habit beside missing values) are whole. */
export function className(cell: string): string {
  const text = cell.trim();
  const whole = /^([+-]?\d+)\.0*$/.exec(text);
  return whole ? whole[1]!.replace(/^\+/, '') : text;
}
