// Numbers to be predicted and labels that hold together, from the cells or arrays that have them.
import { TrainerError } from '../../errors.js';
import { type NumberStyle, parseNumber } from '../csv/numbers.js';
import type { DatasetOutput } from '../dataset.js';

/** What is learned besides one class a sample: count·names values. */
export interface RowTargets {
  readonly values: Float32Array;
  /** Names of the outputs. */
  readonly names: readonly string[];
  readonly output: DatasetOutput;
}

/** Decimals of an answer: as its values have, so many at most. */
const MAX_DECIMALS = 6;
/** An answer is an integer of 32 bits, with room for answers beyond the training values. */
const MAX_INTEGER = 2 ** 29;
/** A deviation is at least so many times what a value loses, or answers tell too little. */
const LEAST_STEPS = 16;
/** What stands between the labels of one sample. */
const BETWEEN_LABELS = /[;|,+&]/;

/** Decimals that write all values, as far as 32-bit integers hold them. */
export function targetDecimals(values: ArrayLike<number>, isExact: boolean): number {
  let decimals = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    largest = Math.max(largest, Math.abs(value));
    const tolerance = Math.abs(value) * (isExact ? 2 ** -50 : 2 ** -22);
    while (decimals < MAX_DECIMALS && Math.abs(value - Math.round(value * 10 ** decimals) / 10 ** decimals) > tolerance)
      decimals++;
  }
  while (decimals > 0 && largest * 10 ** decimals > MAX_INTEGER) decimals--;
  return decimals;
}

/**
 * Values are learned as float32, and answers are integers of the decimals.
 * @throws TrainerError `invalid-data` for values that are told apart by neither
 */
export function requireTold(values: ArrayLike<number>, decimals: number, name: string, source: string): void {
  const scale = 10 ** decimals;
  let [smallest, largest, lost, mean] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    smallest = Math.min(smallest, value);
    largest = Math.max(largest, value);
    lost = Math.max(lost, Math.abs(value - Math.round(Math.fround(value) * scale) / scale));
    mean += (value - mean) / (i + 1);
  }
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, values.length));
  const isLarge = Math.max(Math.abs(smallest), Math.abs(largest)) > MAX_INTEGER;
  const isLost = smallest < largest && lost * LEAST_STEPS > deviation;
  if (!isLarge && !isLost) return;
  throw new TrainerError(
    'invalid-data',
    `${source}: ${name} has values from ${smallest} to ${largest} with a deviation of ${Number(deviation.toPrecision(3))}, and answers are integers of 32 bits with at most ${MAX_DECIMALS} decimals, learned in float32: ${isLarge ? 'they are too large' : 'differences are lost'}. Give them in another unit, or as differences from a fixed value.`,
  );
}

/** A regression to one number a row, each the text of its cell. @param rowTexts index of each row's text in `texts` */
export function cellTargets(
  texts: readonly string[],
  rowTexts: ArrayLike<number>,
  style: NumberStyle,
  { name, unit }: { readonly name: string; readonly unit?: string | undefined },
  source: string,
): RowTargets {
  const numbers = texts.map((text) => {
    const value = parseNumber(text, style);
    if (value !== undefined) return value;
    throw new TrainerError(
      'invalid-data',
      `${source}: '${text.slice(0, 40)}' in column '${name}' is not a number, and regression predicts numbers. Correct it, or name another column with --label.`,
    );
  });
  const values = Float64Array.from(rowTexts, (index) => numbers[index]!);
  const decimals = targetDecimals(numbers, true);
  requireTold(values, decimals, `column '${name}'`, source);
  return {
    values: Float32Array.from(values),
    names: [name],
    output: { task: 'regression', values: [{ name, ...(unit && { unit }), decimals }] },
  };
}

/** The labels that one cell names. */
export function labelsOfCell(text: string): string[] {
  return text
    .split(BETWEEN_LABELS)
    .map((label) => label.trim())
    .filter((label) => label !== '');
}

/** Labels that hold together, in one cell: "hot;wet". An empty cell: none. */
export function multiLabelTargets(
  texts: readonly string[],
  rowTexts: ArrayLike<number>,
  known: readonly string[] | undefined,
  source: string,
): RowTargets {
  const labelsOf = texts.map(labelsOfCell);
  const names = known ?? [...new Set(labelsOf.flat())].sort();
  if (names.length < 2) {
    throw new TrainerError(
      'invalid-data',
      `${source}: ${names.length} different labels found; several labels a sample stand in one cell with ; between them (hot;wet).`,
    );
  }
  const values = new Float32Array(rowTexts.length * names.length);
  for (let row = 0; row < rowTexts.length; row++) {
    for (const label of labelsOf[rowTexts[row]!]!) {
      const at = names.indexOf(label);
      if (at < 0)
        throw new TrainerError(
          'invalid-data',
          `${source}: the label ${label} is none of ${names.slice(0, 20).join(', ')}.`,
        );
      values[row * names.length + at] = 1;
    }
  }
  return { values, names, output: { task: 'multiLabel' } };
}

/** Fifths of the first output's values, as classes for a division that has small and large ones on both sides. */
export function fifths(values: Float32Array, outputs: number): Uint16Array {
  const first = values.filter((_, i) => i % outputs === 0);
  const order = Array.from(first.keys()).sort((a, b) => first[a]! - first[b]! || a - b);
  const classes = new Uint16Array(first.length);
  for (const [rank, row] of order.entries()) classes[row] = Math.floor((5 * rank) / first.length);
  return classes;
}
