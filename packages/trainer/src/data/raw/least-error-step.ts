// The step of int8 that writes the values of a column with the least squared error: for networks that were trained on the values themselves.
import type { FeatureStatistics } from './feature-statistics.js';

/** Steps tried, each a quarter of an octave from the next one. */
const RATIO = 2 ** 0.25;
const MOST_TRIES = 64;

/**
 * Rounding errs by step²/12 on average, clamping by all that lies beyond 127 steps: 4 deviations where values are spread evenly about their mean, and
 * more where a few lie far away.
 * @param finest the step from which on coarser ones are tried
 */
export function leastErrorStep({ sample, mean, smallest, largest }: FeatureStatistics, finest: number): number {
  const reach = Math.max(largest - mean, mean - smallest);
  let best = { step: finest, error: Number.POSITIVE_INFINITY };
  let step = finest;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const error = errorOf(sample, mean, step);
    if (error < best.error) best = { step, error };
    if (step * 127 >= reach) break;
    step = Math.min(step * RATIO, reach / 127);
  }
  return best.step;
}

function errorOf(sample: Float64Array, mean: number, step: number): number {
  let clamped = 0;
  for (const value of sample) clamped += Math.max(0, Math.abs(value - mean) - 127 * step) ** 2;
  return step ** 2 / 12 + clamped / sample.length;
}
