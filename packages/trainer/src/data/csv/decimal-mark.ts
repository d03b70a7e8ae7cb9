// Which decimal mark the numbers of a whole table are written with, where single cells may be meant either way.
import { hasCommaThousands, hasDecimalComma, hasPointThousands, type NumberStyle } from './numbers.js';

export type DecimalMark = 'point' | 'comma';

export interface TableMark {
  /** Absent: every cell says by itself. */
  readonly decimal?: DecimalMark;
  /** The first cells that may be meant either way, such as 1.234 and 1,234. */
  readonly ambiguous: { readonly point?: string; readonly comma?: string };
  /** Whether nothing in the table says how such cells are meant. */
  readonly isOpen: boolean;
}

/** Three digits behind the only mark: a fraction, or thousands. No group of thousands begins with 0. */
const EITHER = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const DECIMAL_POINT = /^[+-]?\d*\.\d+(e[+-]?\d+)?$/i;

/**
 * The mark of the columns in all rows: as asked for; else what cells say that can only be meant one way; else the usual one. Where commas divide the cells and
 * none is inside of one, the marks are points.
 * @param style separator, and the mark where it is asked for or was found
 * @param usual mark of the tables that this one comes from
 */
export function markOfTable(
  rows: readonly { readonly cells: readonly string[] }[],
  columns: readonly number[],
  { separator, decimal }: NumberStyle,
  usual: DecimalMark | undefined,
): TableMark {
  const ambiguous: { point?: string; comma?: string } = {};
  let [points, commas, hasInnerComma] = [0, 0, false];
  for (const { cells } of rows) {
    for (const column of columns) {
      const cell = cells[column]!;
      const isComma = cell.includes(',');
      if (!isComma && !cell.includes('.')) continue;
      const text = cell.trim();
      if (isComma) hasInnerComma = true;
      if (EITHER.test(text)) ambiguous[isComma ? 'comma' : 'point'] ??= text;
      else if (hasPointThousands(text) || hasDecimalComma(text)) commas++;
      else if (hasCommaThousands(text) || DECIMAL_POINT.test(text)) points++;
    }
  }
  const isPlain = ambiguous.point === undefined && ambiguous.comma === undefined;
  if (isPlain || decimal !== undefined) return { ...(decimal && { decimal }), ambiguous, isOpen: false };
  // Both: they are mixed, and no mark is right for all.
  if (points > 0 && commas > 0) return { ambiguous, isOpen: true };
  if (points > 0 || commas > 0) return { decimal: commas > 0 ? 'comma' : 'point', ambiguous, isOpen: false };
  if (separator === ',' && !hasInnerComma) return { decimal: 'point', ambiguous, isOpen: true };
  return { ...(usual && { decimal: usual }), ambiguous, isOpen: true };
}
