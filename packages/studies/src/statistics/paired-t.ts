// Student's paired t test: whether a difference between two recipes, run with the same seeds, is more than chance.
import { StudyError } from '../errors.js';
import { incompleteBeta } from './incomplete-beta.js';
import { meanAndDeviation } from './mean-deviation.js';

export interface PairedT {
  readonly test: 'paired t';
  readonly pairs: number;
  /** Mean of b − a, and the deviation of those differences. */
  readonly difference: number;
  readonly deviation: number;
  /** Infinite where all differences are the same. */
  readonly t: number;
  /** Two-sided. */
  readonly p: number;
  /** Of the mean difference, at the confidence asked for. */
  readonly interval: readonly [low: number, high: number];
}

/** Differences of one size, as finite counts of images give them, are rounded by this at most. */
const ROUNDING = 1e-9;

/**
 * The paired t test of `b[i]` against `a[i]`, two-sided.
 *
 * Where all differences are equal their deviation says nothing; p is then that of the sign test, 2^(1 − pairs), and the interval has no width.
 * @param confidence of the interval, in (0, 1)
 * @throws StudyError `invalid-argument` for fewer than two pairs or lists of unlike length
 */
export function pairedT(a: readonly number[], b: readonly number[], confidence = 0.95): PairedT {
  if (a.length !== b.length || a.length < 2) {
    throw new StudyError(
      'invalid-argument',
      `A paired t test of ${a.length} and ${b.length} values: as many of the one as of the other wanted, at least 2. Run both with the same seeds.`,
    );
  }
  const differences = b.map((value, i) => value - a[i]!);
  const { mean: difference, deviation } = meanAndDeviation(differences);
  const pairs = a.length;
  const common = { test: 'paired t', pairs, difference, deviation } as const;
  if (deviation <= ROUNDING * Math.max(...differences.map(Math.abs))) {
    const same = differences.every((value) => value === 0);
    const t = same ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
    return { ...common, t, p: same ? 1 : 2 ** (1 - pairs), interval: [difference, difference] };
  }
  const error = deviation / Math.sqrt(pairs);
  const t = difference / error;
  const reach = tQuantile(confidence, pairs - 1) * error;
  return { ...common, t, p: tTwoSided(t, pairs - 1), interval: [difference - reach, difference + reach] };
}

/** Probability that |t| is at least this, with so many degrees of freedom. */
export function tTwoSided(t: number, freedom: number): number {
  return incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5);
}

/** The t that |t| stays below with this probability. */
export function tQuantile(confidence: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (tTwoSided(high, freedom) > 1 - confidence) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (tTwoSided(middle, freedom) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}
