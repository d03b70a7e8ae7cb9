// Which samples stand for a data set: drawn class by class, so that an order of the data (sorted by class, by day, by sensor) cannot bias them.
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';

/** Keeps the draw's stream apart from every other use of the same seed. */
const DRAW_STREAM = 0xd_4a3;

/**
 * Draws samples at random, from each class as many as its share of all (largest remainders), at least one where there is room.
 * @param count how many at most; all where there are no more
 * @returns their numbers in a random order: every prefix is such a choice too, but for its size
 * @throws TrainerError `invalid-argument` for a count that is no whole number from 1 on.
 *
 * @example
 * ```ts
 * import { drawSamples, selectSamples } from '@bitnetmcu/trainer';
 *
 * const calibration = selectSamples(samples, drawSamples(samples, 256)); // of every class
 * ```
 */
export function drawSamples({ labels }: Pick<Samples, 'labels'>, count: number, seed = 1): Uint32Array {
  if (!Number.isInteger(count) || count < 1) {
    throw new TrainerError('invalid-argument', `${count} samples cannot be drawn; a whole number from 1 on is wanted.`);
  }
  const order = permutation(labels.length, Random.of(seed, DRAW_STREAM));
  if (count >= labels.length) return order;
  const quotas = classQuotas(labels, count);
  const drawn = new Uint32Array(count);
  let found = 0;
  for (const number of order) {
    const left = quotas.get(labels[number]!)!;
    if (left === 0) continue;
    quotas.set(labels[number]!, left - 1);
    drawn[found++] = number;
  }
  return drawn;
}

/** The numbers of the samples that are not among the given ones, ascending. */
export function otherSamples({ count }: Pick<Samples, 'count'>, numbers: Uint32Array): Uint32Array {
  const taken = new Uint8Array(count);
  for (const number of numbers) taken[number] = 1;
  return Uint32Array.from({ length: count }, (_, i) => i).filter((i) => taken[i] === 0);
}

/** How many samples each class gives; they add up to `count`, which is below the number of labels. */
export function classQuotas(labels: Uint16Array, count: number): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const shares = [...sizes].map(([label, size]) => {
    const exact = (size * count) / labels.length;
    return { label, quota: Math.floor(exact), remainder: exact % 1 };
  });
  shares.sort((a, b) => b.remainder - a.remainder || a.label - b.label);
  const missing = count - shares.reduce((sum, { quota }) => sum + quota, 0);
  for (let i = 0; i < missing; i++) shares[i]!.quota++;
  if (shares.length <= count) {
    for (const share of shares) {
      if (share.quota > 0) continue;
      const largest = shares.reduce((best, other) => (other.quota > best.quota ? other : best));
      largest.quota--;
      share.quota++;
    }
  }
  return new Map(shares.map(({ label, quota }) => [label, quota]));
}
