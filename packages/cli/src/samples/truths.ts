// What a table says of its own rows: the class, the value or the labels in its label column, as training reads them.
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  className,
  columnNumber,
  isNormalName,
  labelsOfCell,
  type PlainNumbers,
  type PlainRows,
} from '@bitnetmcu/trainer/internal';
import type { Truth } from '../results/answers.js';
import { unknownValue } from '../unknown-value.js';

/** What of the training's data spec says where the truth stands. */
export interface TruthKeys {
  readonly labelColumn?: unknown;
  readonly normal?: unknown;
}

/**
 * Number of the label column; −1 where there is none, or where values are read from it: a number of training's table is none of a table of the
 * values alone.
 * @param read columns of the values
 */
export function labelColumnOf(
  { names }: Pick<PlainRows, 'names'>,
  { labelColumn }: TruthKeys,
  read: readonly number[] = [],
): number {
  if (typeof labelColumn !== 'string' && typeof labelColumn !== 'number') return -1;
  const column = columnNumber(names, labelColumn);
  return read.includes(column) ? -1 : column;
}

/** Of each row what is known of it; nothing where its cell says nothing that the model knows. */
export function truthsOf(
  table: PlainRows,
  keys: TruthKeys,
  model: QuantizedModel,
  { columns, numberOf }: { readonly columns: readonly number[] } & Pick<PlainNumbers, 'numberOf'>,
): Truth[] {
  const column = labelColumnOf(table, keys, columns);
  if (column < 0) return table.rows.map(() => ({}));
  const names = table.rows.map(({ cells }) => className(cells[column] ?? ''));
  const { output, labels } = model;
  switch (output?.task) {
    case undefined:
      return names.map((name) => labelTruth(labels.indexOf(name)));
    case 'regression':
      return table.rows.map(({ cells }) => {
        const value = numberOf(cells[column] ?? '');
        return value === undefined || output.values.length !== 1 ? {} : { targets: [value] };
      });
    case 'anomaly': {
      const normal = typeof keys.normal === 'string' ? keys.normal : undefined;
      const areNormal = names.map((name) => isNormalName(name, normal));
      // Without a name that was given, or one that says it by itself, none is known to be the normal one.
      const isKnown = normal !== undefined || areNormal.includes(true);
      return names.map((name, i) => labelTruth(isKnown && name !== '' ? Number(!areNormal[i]) : -1));
    }
    case 'multiLabel':
      return names.map((_, i) => {
        const said = labelsOfCell(table.rows[i]!.cells[column] ?? '');
        return said.every((one) => labels.includes(one))
          ? { targets: labels.map((one) => Number(said.includes(one))) }
          : {};
      });
    default:
      throw unknownValue('output', output);
  }
}

/** What is known of a window: its class where all rows agree; values and labels as they are at its end. */
export function truthOfWindow(rows: readonly Truth[]): Truth {
  const { targets } = rows.at(-1)!;
  const [{ label }] = rows as [Truth];
  if (targets) return { targets };
  return label !== undefined && rows.every((row) => row.label === label) ? { label } : {};
}

const labelTruth = (label: number): Truth => (label < 0 ? {} : { label });
