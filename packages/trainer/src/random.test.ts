import { describe, expect, it } from 'vitest';
import { mixSeeds, permutation, Random } from './random.js';

/** xoshiro128** in BigInt arithmetic, from the authors' definition. */
function* reference(state: readonly number[]): Generator<number> {
  const mask = 0xffff_ffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = state.map(BigInt) as [bigint, bigint, bigint, bigint];
  for (;;) {
    const result = (rotate((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    yield Number(result);
  }
}

describe('Random', () => {
  it('is xoshiro128**', () => {
    const random = new Random([1, 2, 3, 4]);
    const expected = reference([1, 2, 3, 4]);
    const drawn = Array.from({ length: 1000 }, () => random.nextUint32());
    expect(drawn.slice(0, 4)).toEqual([11520, 0, 5927040, 70819200]);
    expect(drawn).toEqual(drawn.map(() => expected.next().value));
  });

  it('continues from a saved state', () => {
    const random = Random.of(7, 8);
    random.nextUint32();
    const resumed = new Random(random.state);
    expect(Array.from({ length: 10 }, () => resumed.nextFloat())).toEqual(
      Array.from({ length: 10 }, () => random.nextFloat()),
    );
  });

  it('gives unrelated streams for neighbouring keys', () => {
    const seeds = new Set<number>();
    for (let epoch = 0; epoch < 50; epoch++) for (let i = 0; i < 200; i++) seeds.add(mixSeeds(1, epoch, i));
    expect(seeds.size).toBe(10_000);
    let sum = 0;
    for (let i = 0; i < 10_000; i++) sum += Random.of(3, i).nextFloat();
    // The mean of 10 000 uniform numbers has a standard deviation of 0.0029.
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.012);
  });

  it('permutes: every number once, first places uniform', () => {
    expect([...permutation(1000, new Random(5))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, i) => i),
    );
    const counts = new Array<number>(6).fill(0);
    for (let seed = 0; seed < 6000; seed++) counts[permutation(6, new Random(seed))[0]!]!++;
    // 1000 expected each, standard deviation 29.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
