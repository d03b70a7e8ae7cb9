// Cells without a value in rows that are classified: they count as in the model's training, or the place is named.
import type { QuantizedModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import {
  type DataSpec,
  isMissing,
  meansLike,
  type PlainNumbers,
  type PlainRow,
  type PlainRows,
} from '@bitnetmcu/trainer/internal';
import { CliError } from '../errors.js';

/** A row's numbers in the model's order, and the columns whose mean stands for what is missing. */
export interface ReadRow {
  readonly line: number;
  readonly numbers: readonly number[];
  readonly filled: readonly string[];
}

/** What the training did with what is missing. */
export interface GapRules {
  /** Of each column that is read; undefined where training had none. */
  readonly means: readonly number[] | undefined;
  readonly leavesOut: boolean;
  /** Whether rows are moments of a signal, and one less is a jump. */
  readonly areMoments?: boolean;
}

/** @param columns how many are read @param run neighbouring columns that share a mean: the moments of one channel */
export function gapRules(
  { provenance }: QuantizedModel,
  data: DataSpec | undefined,
  columns: number,
  run = 1,
): GapRules {
  const means = meansLike({ provenance }, columns / run);
  return {
    means: means?.flatMap((mean) => Array<number>(run).fill(mean)),
    leavesOut: data !== undefined && 'missing' in data && data.missing === 'drop',
  };
}

/**
 * Undefined for a row that is left out, as rows with gaps were in training.
 * @throws CliError `bad-file` for a cell that is no number, and for a gap where training had none
 */
export function readRow(
  row: PlainRow,
  columns: readonly number[],
  { means, leavesOut, areMoments = false }: GapRules,
  { names, numberOf }: Pick<PlainRows, 'names'> & Pick<PlainNumbers, 'numberOf'>,
  source: string,
): ReadRow | undefined {
  const filled: string[] = [];
  const numbers: number[] = [];
  for (const [place, column] of columns.entries()) {
    const cell = row.cells[column]!;
    const value = numberOf(cell);
    const name =
      names?.[column] === undefined ? `column ${column} (counted from 0)` : `column ${visibleText(names[column]!)}`;
    if (value !== undefined) numbers.push(value);
    else if (isMissing(cell) && leavesOut) return undefined;
    else if (isMissing(cell) && means) {
      numbers.push(means[place]!);
      filled.push(names?.[column] ?? `column ${column}`);
    } else {
      throw new CliError(
        'bad-file',
        `${source}, line ${row.line}, ${name}: '${visibleText(cell.slice(0, 40))}' found, a number is wanted. ${advice(means !== undefined, areMoments)}.`,
      );
    }
  }
  return { line: row.line, numbers, filled };
}

/** What to do about a cell that is no number. @param hasMeans whether an empty cell counts as the mean of its column */
function advice(hasMeans: boolean, areMoments: boolean): string {
  if (hasMeans) return 'Correct it, or empty the cell: the mean of its column in the training is taken there';
  if (areMoments)
    return 'Fill it in (without the row the signal would jump), or train with --missing mean, which puts the mean there';
  return 'Leave the row out, or fill it in';
}
