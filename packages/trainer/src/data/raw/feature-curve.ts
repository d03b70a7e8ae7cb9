// Whether a feature is better taken by its logarithm, and where its curve then begins.
import { log2Fixed } from '@bitnetmcu/models/internal';
import { type FeatureStatistics, quantile } from './feature-statistics.js';

/** The third standardized moment from which on a feature counts as skewed; that of an exponential distribution is 2. */
const SKEWED = 1.5;
/** Its logarithm must be less skewed than this share of it. */
const GAIN = 0.5;
/** Raw integers of the median: with less, the logarithm has steps. */
const MIN_MEDIAN = 8;
/** The least steps that one deviation may have, of 32: the curve begins at −128, and what begins far below the mean is squeezed. */
const MIN_STEPS = 24;

export interface LogCurve {
  /** Raw integer at which the curve begins. */
  readonly low: number;
  /** Mean and deviation of 256·log₂(raw − low + 1). */
  readonly mean: number;
  readonly deviation: number;
}

/**
 * The logarithm, where no value is negative, the skewness is above 1.5, and the logarithm from 0 or from the smallest value on more than halves it.
 * @param scale raw integers of 1
 */
export function logCurve({ sample: all, smallest, fence }: FeatureStatistics, scale: number): LogCurve | undefined {
  // A few wild values are no skewness.
  const sample = all.filter((value) => value >= fence[0] && value <= fence[1]);
  if (smallest < 0 || sample.length < 8 || quantile(sample, 0.5) * scale < MIN_MEDIAN) return undefined;
  const skew = Math.abs(skewness(sample));
  if (skew <= SKEWED) return undefined;
  const candidates = [...new Set([0, Math.floor(smallest * scale)])].map((low) => {
    const curve = sample.map((value) => log2Fixed(Math.max(0, Math.round(value * scale) - low) + 1));
    return { low, skew: Math.abs(skewness(curve)), ...moments(curve) };
  });
  const usable = candidates
    .filter(({ mean, deviation, skew: left }) => left < GAIN * skew && 128 * deviation >= MIN_STEPS * mean)
    .sort((a, b) => a.skew - b.skew)[0];
  return usable && { low: usable.low, mean: usable.mean, deviation: usable.deviation };
}

function moments(values: Float64Array): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** The third standardized moment; 0 of a constant. */
function skewness(values: Float64Array): number {
  const { mean, deviation } = moments(values);
  if (deviation === 0) return 0;
  return values.reduce((sum, value) => sum + ((value - mean) / deviation) ** 3, 0) / values.length;
}
