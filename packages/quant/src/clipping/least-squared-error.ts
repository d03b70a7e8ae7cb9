// The clipping scalar with the least squared error, by search: for formats and tensor sizes that no noise model describes.

import { encoderOf } from '../encode.js';
import type { FormatRecord } from '../format-record.js';
import { exp2, logarithm2 } from '../portable-math.js';
import { encodingThresholds } from '../thresholds.js';
import { meanMagnitude } from './policy.js';

/**
 * Points of the search in each octave of s, times levels: 256 an octave for 16 levels. Dense enough to meet the basin of the least
 * error among the many local ones (FP130's error jumps wherever a weight passes a power of two).
 */
const POINTS_TIMES_LEVELS = 4096;
/** Golden-section steps between the neighbours of the best point: each shortens the interval to 0.618. */
const REFINEMENTS = 32;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The s with the least Σ(w − dequantized)² among points from mean|w|/4 to twice the s that clips nothing, refined between the best
 * point's neighbours; 0 where all weights are 0.
 */
export function leastSquaredErrorClip(format: FormatRecord, weights: Float32Array): number {
  const mean = meanMagnitude(weights);
  if (mean === 0) return 0;
  const errorAt =
    weights.length < format.levels.length ? errorOfFewWeights(format, weights) : errorOfManyWeights(format, weights);
  let best = unclipped(format, weights);
  let bestError = errorAt(best);
  const from = mean / 4;
  const perOctave = Math.ceil(POINTS_TIMES_LEVELS / format.levels.length);
  const steps = Math.ceil(logarithm2((best * 2) / from) * perOctave);
  for (let step = 0; step <= steps; step++) {
    const s = from * exp2(step / perOctave);
    const error = errorAt(s);
    if (error < bestError) {
      best = s;
      bestError = error;
    }
  }
  const ratio = exp2(1 / perOctave);
  const refined = goldenSection(errorAt, best / ratio, best * ratio);
  return errorAt(refined) < bestError ? refined : best;
}

/** The s that puts the outermost weight exactly on the outermost level: no error at all for a single weight. */
function unclipped({ levels, scaleNumerator }: FormatRecord, weights: Float32Array): number {
  const highest = levels[levels.length - 1]!;
  const lowest = levels[0]!;
  let scale = 0;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    scale = Math.max(scale, w > 0 ? w / highest : w / lowest);
  }
  return scale * scaleNumerator;
}

/** Σ(w − dequantized)² as a function of s, weight by weight. */
function errorOfFewWeights(format: FormatRecord, weights: Float32Array): (s: number) => number {
  const { levels, scaleNumerator } = format;
  const encode = encoderOf(format);
  return (s) => {
    const scale = s / scaleNumerator;
    let error = 0;
    for (let i = 0; i < weights.length; i++) {
      const w = weights[i]!;
      error += (w - levels[encode(Math.fround(w / scale))]! * scale) ** 2;
    }
    return error;
  };
}

/**
 * The same in O(levels · log weights): the weights are sorted once, and each level's weights are an interval whose sums
 * come from prefix sums.
 */
function errorOfManyWeights(format: FormatRecord, weights: Float32Array): (s: number) => number {
  const { levels, scaleNumerator } = format;
  const sorted = weights.slice().sort();
  const sums = new Float64Array(sorted.length + 1);
  const squares = new Float64Array(sorted.length + 1);
  for (let i = 0; i < sorted.length; i++) {
    sums[i + 1] = sums[i]! + sorted[i]!;
    squares[i + 1] = squares[i]! + sorted[i]! ** 2;
  }
  const thresholds = encodingThresholds(format);
  return (s) => {
    const scale = s / scaleNumerator;
    let error = 0;
    let from = 0;
    for (let code = 0; code < levels.length; code++) {
      const to = code < thresholds.length ? upperBound(sorted, thresholds[code]! * scale, from) : sorted.length;
      const level = levels[code]! * scale;
      error += squares[to]! - squares[from]! - 2 * level * (sums[to]! - sums[from]!) + level * level * (to - from);
      from = to;
    }
    // Cancellation can leave a small negative number where the error is 0.
    return Math.max(error, 0);
  };
}

/** Index of the first entry > bound, at least `from`. */
function upperBound(sorted: Float32Array, bound: number, from: number): number {
  let low = from;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

function goldenSection(f: (x: number) => number, from: number, to: number): number {
  let a = from;
  let b = to;
  let left = b - GOLDEN * (b - a);
  let right = a + GOLDEN * (b - a);
  let fLeft = f(left);
  let fRight = f(right);
  for (let i = 0; i < REFINEMENTS; i++) {
    if (fLeft <= fRight) {
      b = right;
      right = left;
      fRight = fLeft;
      left = b - GOLDEN * (b - a);
      fLeft = f(left);
    } else {
      a = left;
      left = right;
      fLeft = fRight;
      right = a + GOLDEN * (b - a);
      fRight = f(right);
    }
  }
  return (a + b) / 2;
}
