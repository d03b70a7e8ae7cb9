// Codes of a layer for a given mantissa of its step: each output takes the power of two times that step which fits it best.
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { type FloatWeighted, outputsOf, weightsPerOutput } from '../../float/float-network.js';
import { nearestCode } from '../../float/grid.js';
import type { LayerCodes } from '../../float/layer-codes.js';
import { roundRow } from './compensated-rounding.js';

/** Powers of two tried below the one that clips nothing. */
const FINER_STEPS = 3;
/** Outputs with hardly any weight do not force the others to larger shifts than this. */
const LARGEST_SHIFT = 6;

/** How much a squared error of each weight costs, and how errors may be spread; one entry a group of a convolution. */
export interface RowStatistics {
  /** Second moments' diagonal, by column; undefined: all equal. */
  readonly importance: readonly Float64Array[] | undefined;
  readonly spread: readonly Float64Array[] | undefined;
}

/**
 * @param step the step of an output up to a power of two.
 * @param coarser by how many bits all steps are at least coarser than the finest that would be best.
 */
export function codesWithStep(
  layer: FloatWeighted,
  format: FormatName,
  step: number,
  { importance, spread }: RowStatistics,
  coarser = 0,
): LayerCodes {
  const { levels } = getFormat(format);
  const [outputs, columns] = [outputsOf(layer), weightsPerOutput(layer)];
  const groups = layer.op === 'conv2d' ? layer.groups : 1;
  const groupOf = (output: number) => Math.floor(output / (outputs / groups));
  const row = (output: number) => layer.weight.subarray(output * columns, (output + 1) * columns);
  const exponents = Array.from({ length: outputs }, (_, o) =>
    bestExponent(row(o), levels, step, importance?.[groupOf(o)]),
  );
  const used = exponents.filter((exponent) => exponent !== undefined);
  const highest = used.length > 0 ? Math.max(...used) : 0;
  const base = (used.length > 0 ? Math.max(Math.min(...used), highest - LARGEST_SHIFT) : 0) + coarser;
  const shifts = Uint8Array.from(exponents, (exponent) => Math.max(0, (exponent ?? base) - base));
  const codes = new Uint8Array(layer.weight.length);
  for (let o = 0; o < outputs; o++) {
    const rowStep = step * 2 ** (base + shifts[o]!);
    const rounded = roundRow(
      row(o),
      spread?.[groupOf(o)],
      (weight) => nearestCode(levels, weight / rowStep),
      (code) => levels[code]! * rowStep,
    );
    codes.set(rounded, o * columns);
  }
  return {
    format,
    codes,
    step: step * 2 ** base,
    exact: false,
    ...(shifts.some((shift) => shift > 0) ? { outputShifts: shifts } : {}),
  };
}

/** The exponent with the least error for one output; undefined where all weights are 0. */
function bestExponent(
  weights: Float32Array,
  levels: Float64Array,
  step: number,
  importance: Float64Array | undefined,
): number | undefined {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  if (largest === 0) return undefined;
  const widest = Math.ceil(Math.log2(largest / (step * levels.at(-1)!)));
  let best = widest;
  let least = Number.POSITIVE_INFINITY;
  for (let exponent = widest; exponent >= widest - FINER_STEPS; exponent--) {
    const rowStep = step * 2 ** exponent;
    let error = 0;
    for (let i = 0; i < weights.length; i++) {
      const rounded = levels[nearestCode(levels, weights[i]! / rowStep)]! * rowStep;
      error += (importance?.[i] ?? 1) * (weights[i]! - rounded) ** 2;
    }
    if (error < least) [least, best] = [error, exponent];
  }
  return best;
}
