// Ranges worth representing, and what quantization to a step costs.

/** Largest magnitude worth representing, by the chosen rule. */
export function clipOf(values: ArrayLike<number>, levels: number, rule: 'mse' | 'percentile' | 'max'): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  if (rule === 'max' || max === 0) return max;
  const magnitudes = Float64Array.from(values, Math.abs).sort();
  if (rule === 'percentile') return magnitudes[Math.floor((magnitudes.length - 1) * PERCENTILE)] || max;
  let best = max;
  let least = Number.POSITIVE_INFINITY;
  const stride = Math.max(1, Math.floor(magnitudes.length / SEARCH_VALUES));
  for (let k = 0; k <= SEARCH_STEPS; k++) {
    const clip = max * (1 - (k / SEARCH_STEPS) * (1 - SMALLEST_SHARE));
    const error = squaredError(magnitudes, stride, clip / levels, levels);
    if (error < least) [least, best] = [error, clip];
  }
  return best;
}

const PERCENTILE = 0.9999;
/** The search for a clip: from the maximum down to this share of it. */
const SMALLEST_SHARE = 0.25;
const SEARCH_STEPS = 60;
const SEARCH_VALUES = 20_000;

function squaredError(values: Float64Array, stride: number, step: number, levels: number): number {
  let error = 0;
  for (let i = 0; i < values.length; i += stride) {
    error += (values[i]! - Math.min(levels, Math.round(values[i]! / step)) * step) ** 2;
  }
  return error;
}

/** Σ(quantized − wanted)² with quantized = clip(round(x/step), low, high)·step. */
export function quantizationError(
  x: Float64Array,
  wanted: Float64Array,
  step: number,
  low: number,
  high: number,
): number {
  let error = 0;
  for (let i = 0; i < x.length; i++) {
    const level = Math.min(high, Math.max(low, Math.floor(x[i]! / step + 0.5)));
    error += (level * step - wanted[i]!) ** 2;
  }
  return error;
}

/** The power of two of a number, as an exponent, where it is one; undefined else. */
export function exactExponent(ratio: number): number | undefined {
  const exponent = Math.round(Math.log2(ratio));
  return Math.abs(ratio / 2 ** exponent - 1) < 1e-6 ? exponent : undefined;
}
