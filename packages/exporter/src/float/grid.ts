// Low-bit grids in float weights: is a tensor already what a format would make of it, and with which codes?
import { bitsPerWeight, FORMAT_NAMES, type FormatName, formats, type WeightFormat } from '@bitnetmcu/quant';

/** Weights that lie on a format's levels: w = level·step·2^shift of the output. */
export interface WeightGrid {
  readonly format: FormatName;
  readonly codes: Uint8Array;
  /** Weight of the level 1. */
  readonly step: number;
  /** Per output; undefined: none. */
  readonly shifts: Uint8Array | undefined;
}

/**
 * Formats in order of preference: fewest bits first. One whose codes depend on the mean of the tensor is left out: it has the levels of
 * another one.
 */
const CANDIDATES: readonly FormatName[] = FORMAT_NAMES.filter((name) => {
  const { encoding } = formats[name];
  return !(encoding.kind === 'sign' && encoding.centred);
}).sort((a, b) => bitsPerWeight(a) - bitsPerWeight(b));

/** Distance from a level, in steps, that float32 arithmetic on the way here can make. */
const TOLERANCE = 1e-3;
const LARGEST_SHIFT = 15;
const MOST_LEVELS = Math.max(...FORMAT_NAMES.map((name) => formats[name].levels.length));
/** Nothing but biases comes out of a layer of zeros: fine enough for them. */
const STEP_OF_ZEROS = 2 ** -10;

/**
 * The grid that a weight tensor lies on, or undefined.
 *
 * All weights must be within 0.001 steps of a level, with one step for the tensor or one an output whose ratios are powers of two.
 * Of the formats that fit, the one with the fewest bits is taken.
 */
export function detectGrid(weights: Float32Array, outputs: number): WeightGrid | undefined {
  if (weights.every((weight) => weight === 0)) {
    return { format: 'Ternary', codes: new Uint8Array(weights.length).fill(1), step: STEP_OF_ZEROS, shifts: undefined };
  }
  const columns = weights.length / outputs;
  const whole = distinctValues(weights);
  const rows = Array.from({ length: outputs }, (_, o) =>
    distinctValues(weights.subarray(o * columns, (o + 1) * columns)),
  );
  // More values in one output than any format has: float weights.
  if (rows.some((row) => row === undefined)) return undefined;
  for (const name of CANDIDATES) {
    const format = formats[name];
    const step = whole && possibleSteps(format, whole)[0];
    if (step !== undefined) {
      const exact = step * refinement(format, weights, () => step);
      return { format: name, codes: codesOf(format, weights, () => exact), step: exact, shifts: undefined };
    }
    const grid = perOutputGrid(format, weights, rows as Float64Array[]);
    if (grid) return grid;
  }
  return undefined;
}

/** A step an output, powers of two apart. Outputs that use few levels fit several steps: one that agrees with the others is taken. */
function perOutputGrid(
  format: WeightFormat,
  weights: Float32Array,
  rows: readonly Float64Array[],
): WeightGrid | undefined {
  const columns = weights.length / rows.length;
  const possible = rows.map((row) => (isZero(row) ? undefined : possibleSteps(format, row)));
  if (rows.some((row) => isZero(row)) && !format.levels.includes(0)) return undefined;
  const anchor = possible.find((steps) => steps !== undefined);
  for (const candidate of anchor ?? []) {
    const exponents = possible.map((steps) => {
      const matching = steps
        ?.map((step) => Math.log2(step / candidate))
        .find((e) => Math.abs(e - Math.round(e)) < 1e-4);
      return steps === undefined ? 0 : matching === undefined ? undefined : Math.round(matching);
    });
    if (exponents.includes(undefined)) continue;
    const known = exponents as number[];
    const lowest = Math.min(...known.filter((_, o) => possible[o] !== undefined));
    const shifts = Uint8Array.from(known, (exponent, o) => (possible[o] === undefined ? 0 : exponent - lowest));
    if (Math.max(...shifts) > LARGEST_SHIFT) continue;
    const factorOf = (i: number) => 2 ** shifts[Math.floor(i / columns)]!;
    const base = candidate * 2 ** lowest;
    const step = base * refinement(format, weights, (i) => base * factorOf(i));
    return { format: format.name, codes: codesOf(format, weights, (i) => step * factorOf(i)), step, shifts };
  }
  return undefined;
}

function isZero(values: Float64Array): boolean {
  return values.every((value) => value === 0);
}

/** Values that differ by more than rounding, ascending; undefined where there are more than any format has. */
function distinctValues(weights: Float32Array): Float64Array | undefined {
  const sorted = Float64Array.from(weights).sort();
  const distinct: number[] = [];
  const tolerance = Math.max(Math.abs(sorted[0] ?? 0), Math.abs(sorted.at(-1) ?? 0)) * 1e-5;
  for (const value of sorted) {
    if (distinct.length === 0 || value - distinct.at(-1)! > tolerance) distinct.push(value);
    if (distinct.length > MOST_LEVELS) return undefined;
  }
  return Float64Array.from(distinct);
}

/** Steps with which every value lies on a level; those that use the outermost level first, which are the finest. */
function possibleSteps(format: WeightFormat, values: Float64Array): number[] {
  if (values.length > format.levels.length) return [];
  const largest = Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!));
  const levels = [...new Set(Array.from(format.levels, Math.abs))].filter((level) => level > 0).sort((a, b) => b - a);
  return levels.map((level) => largest / level).filter((step) => fits(format, values, step));
}

function fits(format: WeightFormat, values: Float64Array, step: number): boolean {
  for (let i = 0; i < values.length; i++) {
    const u = values[i]! / step;
    if (!(Math.abs(format.levels[nearestCode(format.levels, u)]! - u) <= TOLERANCE)) return false;
  }
  return true;
}

/** Factor of the steps with the least squared error, given the codes: float32 noise of single weights averages out. */
function refinement(format: WeightFormat, weights: Float32Array, stepAt: (index: number) => number): number {
  let [dot, squares] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const u = weights[i]! / stepAt(i);
    const level = format.levels[nearestCode(format.levels, u)]!;
    dot += level * u;
    squares += level * level;
  }
  return dot / squares;
}

function codesOf(format: WeightFormat, weights: Float32Array, stepAt: (index: number) => number): Uint8Array {
  return Uint8Array.from(weights, (weight, i) => nearestCode(format.levels, weight / stepAt(i)));
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
