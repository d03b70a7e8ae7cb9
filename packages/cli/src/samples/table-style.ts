// How a table to classify is written: as the user says, as the table shows, else as the tables of training were.
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import type { DataSpec, PlainNumbers, PlainRowsOptions } from '@bitnetmcu/trainer/internal';

export type TableStyle = Pick<PlainRowsOptions, 'encoding' | 'decimal' | 'separator' | 'header'>;

/** What of the keys of a data spec says how tables are written. */
export function tableStyle(keys: Readonly<Record<string, unknown>>): TableStyle {
  const { encoding, decimal, separator, header } = keys as TableStyle;
  return {
    ...(encoding && { encoding }),
    ...(decimal && { decimal }),
    ...(separator && { separator }),
    ...(header !== undefined && { header }),
  };
}

/** Encoding and decimal mark of the tables that a model was trained on, as far as it says them. */
export function usualStyle(
  { provenance }: Pick<QuantizedModel, 'provenance'>,
  data: DataSpec | undefined,
): NonNullable<PlainRowsOptions['usual']> {
  const table = data?.kind === 'csv' || data?.kind === 'csv-folder' ? data : undefined;
  const found = [table?.decimal, provenance.tables?.decimal].find((mark) => mark === 'point' || mark === 'comma');
  return {
    ...(found && { decimal: found as 'point' | 'comma' }),
    ...(table?.encoding && { encoding: table.encoding }),
  };
}

/**
 * What is to be known of numbers that may be meant either way, such as 1.234, where the table does not say how.
 * @param usual mark of training
 */
export function markNote(
  mark: PlainNumbers['mark'],
  source: string,
  usual: 'point' | 'comma' | undefined,
): string | undefined {
  // The decimal mark itself is read as such anyway; the other one is what matters.
  const cell = usual === undefined ? undefined : mark.ambiguous[usual === 'comma' ? 'point' : 'comma'];
  if (!mark.isOpen || cell === undefined) return undefined;
  const shown = visibleText(cell);
  const other = usual === 'comma' ? 'point' : 'comma';
  if (mark.decimal === usual) {
    return `${source}: ${shown} may be meant either way; the decimal mark is the ${usual}, as in training. If it is the ${other} here: --data-decimal ${other}.`;
  }
  return `${source}: ${shown} may be meant either way, and the decimal mark of training, the ${usual}, is taken for none here. If it is one: --data-decimal ${usual}.`;
}
