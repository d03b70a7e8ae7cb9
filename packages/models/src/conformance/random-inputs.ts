// Input samples for conformance: the extremes first, then several kinds of random ones.
import { SeededRandom } from '../random/seeded-random.js';

/**
 * `count` int8 samples of `features` values, one after another: all −128, all 127, all 0, alternating extremes, a single
 * nonzero value, then in turn uniform, sparse on a constant background (as images are), and small values.
 *
 * @example
 * ```ts
 * import { conformanceInputs } from '@bitnetmcu/models/conformance';
 *
 * const inputs = conformanceInputs(1, 7, 256, 10); // 10 samples of 256 features
 * ```
 */
export function conformanceInputs(seed: number, index: number, features: number, count: number): Int8Array {
  const random = new SeededRandom(seed, index, 0x1e57);
  const inputs = new Int8Array(count * features);
  for (let s = 0; s < count; s++) fillSample(random, s, inputs.subarray(s * features, (s + 1) * features));
  return inputs;
}

function fillSample(random: SeededRandom, number: number, sample: Int8Array): void {
  if (number === 4) sample[random.integer(0, sample.length - 1)] = random.integer(1, 127);
  else sample.set(Int8Array.from(sample, sampleKind(random, number)));
}

function sampleKind(random: SeededRandom, number: number): (value: number, i: number) => number {
  if (number === 0) return () => -128;
  if (number === 1) return () => 127;
  if (number === 2) return () => 0;
  if (number === 3) return (_, i) => (i % 2 === 0 ? -128 : 127);
  if (number % 3 === 2) return () => random.integer(-128, 127);
  if (number % 3 === 1) return () => random.integer(-9, 9);
  const background = random.integer(-60, 0);
  return () => (random.chance(0.25) ? random.integer(-128, 127) : background);
}
