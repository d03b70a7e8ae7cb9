// Seeded samples of the distributions that weights have.

/** Uniform numbers in [0, 1): mulberry32. */
export function seededUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Distribution = 'normal' | 'laplace' | 'uniform';

/** `count` weights of mean 0 and scale 1. */
export function randomWeights(distribution: Distribution, count: number, seed: number): Float32Array {
  const uniform = seededUniform(seed);
  const draw = {
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    laplace: () => Math.log(1 - uniform()) - Math.log(1 - uniform()),
    uniform: () => 2 * uniform() - 1,
  }[distribution];
  return Float32Array.from({ length: count }, draw);
}
