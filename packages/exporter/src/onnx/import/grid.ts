// Low-bit grids in float weights: is a tensor already what a format would make of it, and with which codes?
import { type FormatName, formats, type WeightFormat } from '@bitnetmcu/quant';

/** Weights that lie on a format's levels: w = level·step·2^shift of the output. */
export interface WeightGrid {
  readonly format: FormatName;
  readonly codes: Uint8Array;
  /** Weight of the level 1. */
  readonly step: number;
  /** Per output; undefined: none. */
  readonly shifts: Uint8Array | undefined;
}

/** Formats in order of preference: fewest bits first. Binary is left out: its levels are BinarySym's. */
const CANDIDATES: readonly FormatName[] = [
  'BinarySym',
  'Ternary',
  '2bitsym',
  '4bitsym',
  '4bit',
  'FP130',
  'NF4',
  '4.6bit',
  '5bitsym',
  '8bit',
];

/** Distance from a level, in steps, that float32 arithmetic on the way here can make. */
const TOLERANCE = 1e-3;
const LARGEST_SHIFT = 15;

/**
 * The grid that a weight tensor lies on, or undefined.
 *
 * All weights must be within 0.001 steps of a level, with one step for the tensor or one an output whose ratios are powers of two.
 * Of the formats that fit, the one with the fewest bits is taken.
 */
export function detectGrid(weights: Float32Array, outputs: number): WeightGrid | undefined {
  // A handful of weights lies on some grid by chance.
  const distinct = distinctMagnitudes(weights);
  if (distinct === undefined) return undefined;
  for (const name of CANDIDATES) {
    const format = formats[name];
    const step = stepOf(format, weights, distinct);
    if (step !== undefined)
      return { format: name, codes: codesOf(format, weights, () => step), step, shifts: undefined };
  }
  for (const name of CANDIDATES) {
    const grid = perOutputGrid(formats[name], weights, outputs);
    if (grid) return grid;
  }
  return undefined;
}

function perOutputGrid(format: WeightFormat, weights: Float32Array, outputs: number): WeightGrid | undefined {
  const columns = weights.length / outputs;
  const steps: number[] = [];
  for (let o = 0; o < outputs; o++) {
    const row = weights.subarray(o * columns, (o + 1) * columns);
    const distinct = distinctMagnitudes(row);
    const step = distinct && stepOf(format, row, distinct);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  // Rows of zeros fit any step.
  const base = Math.min(...steps.filter((step) => step > 0));
  if (!Number.isFinite(base)) return undefined;
  const shifts = Uint8Array.from(steps, (step) => (step === 0 ? 0 : Math.round(Math.log2(step / base))));
  const fits = steps.every(
    (step, o) => step === 0 || (Math.abs(step / (base * 2 ** shifts[o]!) - 1) < 1e-5 && shifts[o]! <= LARGEST_SHIFT),
  );
  if (!fits) return undefined;
  const codes = codesOf(format, weights, (i) => base * 2 ** shifts[Math.floor(i / columns)]!);
  return { format: format.name, codes, step: base, shifts };
}

/** Magnitudes that differ by more than rounding, ascending; undefined where there are more than any format has. */
function distinctMagnitudes(weights: Float32Array): Float64Array | undefined {
  const sorted = Float64Array.from(weights, Math.abs).sort();
  const distinct: number[] = [];
  const tolerance = (sorted.at(-1) ?? 0) * 1e-5;
  for (const value of sorted) {
    if (distinct.length === 0 || value - distinct.at(-1)! > tolerance) distinct.push(value);
    if (distinct.length > 129) return undefined;
  }
  return Float64Array.from(distinct);
}

/** The step with which every weight lies on a level; 0 for all zeros where the format has a zero. */
function stepOf(format: WeightFormat, weights: Float32Array, distinct: Float64Array): number | undefined {
  const largest = distinct.at(-1) ?? 0;
  if (largest === 0) return format.levels.includes(0) ? 0 : undefined;
  // The largest weight sits on some level: highest level first, the finest grid.
  const levels = [...new Set(Array.from(format.levels, Math.abs))].filter((level) => level > 0).sort((a, b) => b - a);
  // A symmetric format whose largest level is not used has a coarser equivalent only where all levels used share a factor.
  for (const level of levels) {
    const step = largest / level;
    if (fits(format, weights, step)) return refined(format, weights, step);
  }
  return undefined;
}

function fits(format: WeightFormat, weights: Float32Array, step: number): boolean {
  for (let i = 0; i < weights.length; i++) {
    const u = weights[i]! / step;
    if (!(Math.abs(format.levels[nearestCode(format.levels, u)]! - u) <= TOLERANCE)) return false;
  }
  return true;
}

/** The step with the least squared error once the codes are known. */
function refined(format: WeightFormat, weights: Float32Array, step: number): number {
  let [dot, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const level = format.levels[nearestCode(format.levels, weights[i]! / step)]!;
    dot += level * weights[i]!;
    squares += level * level;
  }
  return dot / squares;
}

function codesOf(format: WeightFormat, weights: Float32Array, stepAt: (index: number) => number): Uint8Array {
  return Uint8Array.from(weights, (weight, i) => nearestCode(format.levels, stepAt(i) === 0 ? 0 : weight / stepAt(i)));
}

/** Index of the nearest of ascending levels. */
export function nearestCode(levels: Float64Array, u: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (u > (levels[middle]! + levels[middle + 1]!) / 2) low = middle + 1;
    else high = middle;
  }
  return low;
}
