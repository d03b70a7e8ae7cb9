// Weights of the operations that have some: how large they are, and what can be checked and proven of them.
import { getFormat, integerWeights } from '@bitnetmcu/quant';
import type { Accumulator } from '../accumulator.js';
import { ModelError } from '../errors.js';
import type { Intervals } from '../intervals.js';
import type { QuantizedWeights } from '../quantized-weights.js';

/** A row for each output (channel), canonical order within it. */
export interface WeightMatrix {
  readonly rows: number;
  readonly columns: number;
}

/** What to do where a sum of products overflows. */
export const SUM_REMEDY =
  'shift more to the right before it (reluShift, shiftNorm), use smaller output shifts or biases, fewer inputs or a format with smaller weights';

/** The integer weights of a node in canonical order. */
export function nodeIntegers(node: { readonly weights: QuantizedWeights }): Int16Array {
  return integerWeights(node.weights.format, node.weights.codes);
}

/**
 * Sizes of all tables and the range of codes and shifts.
 * @param who the node, for messages
 * @throws ModelError `invalid-weights`
 */
export function checkWeights(who: string, { rows, columns }: WeightMatrix, weights: QuantizedWeights): void {
  const { format, codes, outputShifts, bias } = weights;
  const refuse = (problem: string) => {
    throw new ModelError('invalid-weights', `${who} has ${problem}.`);
  };
  if (codes.length !== rows * columns) {
    refuse(
      `${codes.length} weight codes, ${rows * columns} wanted (${rows} outputs of ${columns}). Make the model again, or correct the shape of the node or of its input`,
    );
  }
  const levels = getFormat(format).integers.length;
  const bad = codes.findIndex((code) => code >= levels);
  if (bad !== -1) refuse(`the code ${codes[bad]} at weight ${bad}, but ${format} has codes 0 … ${levels - 1}`);
  if (outputShifts !== undefined) {
    if (outputShifts.length !== rows) {
      refuse(`${outputShifts.length} output shifts, ${rows} wanted: one for each output`);
    }
    const large = outputShifts.find((shift) => shift > 15);
    if (large !== undefined) refuse(`an output shift of ${large}, 0 … 15 wanted`);
  }
  if (bias !== undefined && bias.length !== rows) refuse(`${bias.length} biases, ${rows} wanted: one for each output`);
}

/** Σ w·x with each x in its own interval: the sum itself, and every partial sum whatever the order. */
export class RowBounds {
  private min = 0;
  private max = 0;
  private partialMin = 0;
  private partialMax = 0;

  add(weight: number, min: number, max: number): void {
    const low = weight >= 0 ? weight * min : weight * max;
    const high = weight >= 0 ? weight * max : weight * min;
    this.min += low;
    this.max += high;
    if (low < 0) this.partialMin += low;
    if (high > 0) this.partialMax += high;
  }

  /** Shift and bias of output `row`; writes its bounds. */
  finish({ outputShifts, bias }: QuantizedWeights, row: number, output: Intervals, accumulator: Accumulator): void {
    const factor = 2 ** (outputShifts?.[row] ?? 0);
    const offset = bias?.[row] ?? 0;
    // An implementation may start at the bias or shift every product: all such orders stay inside.
    accumulator.hold(this.partialMin * factor + Math.min(0, offset), this.partialMax * factor + Math.max(0, offset));
    // `+ 0` turns −0 into 0.
    output.min[row] = this.min * factor + offset + 0;
    output.max[row] = this.max * factor + offset + 0;
  }
}

/** One line: format, and which of the optional tables there are. */
export function describeWeights({ format, outputShifts, bias }: QuantizedWeights): string {
  return [format, outputShifts && 'shifts', bias && 'bias'].filter(Boolean).join('+');
}
