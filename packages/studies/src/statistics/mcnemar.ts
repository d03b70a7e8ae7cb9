// McNemar's test: whether two networks that answered the same samples differ by more than chance.
import { StudyError } from '../errors.js';
import { incompleteBeta } from './incomplete-beta.js';

export interface McNemar {
  readonly test: 'McNemar';
  readonly samples: number;
  /** Samples that one alone has right. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Two-sided, exact. */
  readonly p: number;
}

/**
 * McNemar's test on the samples that one of two networks alone has right, by the exact binomial distribution however many they are
 * (the usual χ² is its approximation).
 * @param a,b by sample: 1 right, 0 wrong
 * @throws StudyError `invalid-argument` for other counts of samples
 */
export function mcnemar(a: Uint8Array, b: Uint8Array): McNemar {
  if (a.length !== b.length) {
    throw new StudyError(
      'invalid-argument',
      `McNemar's test of ${a.length} and ${b.length} answers: answers to the same samples wanted, in the same order. Evaluate both networks on the same data.`,
    );
  }
  let [onlyA, onlyB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i] === 1 && b[i] !== 1) onlyA++;
    if (b[i] === 1 && a[i] !== 1) onlyB++;
  }
  return { test: 'McNemar', samples: a.length, onlyA, onlyB, p: signTest(onlyA, onlyB) };
}

/** Probability of a division at least as uneven, if both sides are as likely: min(1, 2·P(X ≤ less)), X binomial with ½. */
export function signTest(one: number, other: number): number {
  const [less, total] = [Math.min(one, other), one + other];
  // P(X ≤ k) = I_½(n − k, k + 1)
  return 2 * less >= total ? 1 : Math.min(1, 2 * incompleteBeta(0.5, total - less, less + 1));
}
