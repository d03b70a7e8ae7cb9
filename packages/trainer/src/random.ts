// The trainer's only source of randomness: xoshiro128** streams with serializable state, and a counter-based seed for them.
// Never Math.random: a run must be reproducible from its checkpoint.

/** Four 32-bit words; never all zero. */
export type RandomState = readonly [number, number, number, number];

/** One step of SplitMix32 (Steele et al. 2014 with the 32-bit finalizer of MurmurHash3): a bijection that mixes every bit. */
function mix32(value: number): number {
  let z = (value + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/** Combines numbers (each taken as an unsigned 32-bit integer) to one well-mixed 32-bit seed; order matters. */
export function mixSeeds(...values: readonly number[]): number {
  let seed = 0x243f6a88;
  for (const value of values) seed = mix32(seed ^ mix32(value >>> 0));
  return seed;
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021): period 2^128 − 1.
 *
 * @example
 * ```ts
 * import { Random } from '@bitnetmcu/trainer';
 *
 * const random = new Random(1);
 * const share = random.nextFloat(); // in [0, 1)
 * const { state } = random; // new Random(state) goes on from here
 * ```
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed a 32-bit seed, spread over the state by SplitMix32, or a state saved from another generator. */
  constructor(seed: number | RandomState) {
    if (typeof seed === 'number') {
      this.#a = mix32(seed >>> 0);
      this.#b = mix32(this.#a);
      this.#c = mix32(this.#b);
      this.#d = mix32(this.#c);
    } else {
      [this.#a, this.#b, this.#c, this.#d] = seed.map((word) => word >>> 0) as [number, number, number, number];
    }
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  /** The generator of one purpose: the same numbers always give the same stream, whatever was drawn before (counter-based). */
  static of(...key: readonly number[]): Random {
    return new Random(mixSeeds(...key));
  }

  get state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** A uniform integer in [0, 2^32). */
  nextUint32(): number {
    const scrambled = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b = (this.#b ^ this.#c) >>> 0;
    this.#a = (this.#a ^ this.#d) >>> 0;
    this.#c = (this.#c ^ shifted) >>> 0;
    this.#d = rotateLeft(this.#d, 11) >>> 0;
    return scrambled;
  }

  /** A uniform number in [0, 1) with 32 bits. */
  nextFloat(): number {
    return this.nextUint32() / 4_294_967_296;
  }

  /** A uniform number in [low, high). */
  nextBetween(low: number, high: number): number {
    return low + (high - low) * this.nextFloat();
  }

  /** A uniform integer in [0, bound), without bias (rejection); bound in [1, 2^32]. */
  nextBelow(bound: number): number {
    const limit = 4_294_967_296 - (4_294_967_296 % bound);
    for (;;) {
      const value = this.nextUint32();
      if (value < limit) return value % bound;
    }
  }
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Shuffles in place (Fisher–Yates; Durstenfeld 1964) and returns the array. */
function shuffle<T extends Uint32Array | number[]>(values: T, random: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.nextBelow(i + 1);
    const kept = values[i]!;
    values[i] = values[j]!;
    values[j] = kept;
  }
  return values;
}

/**
 * The numbers 0 … count − 1 in a random order.
 *
 * @example
 * ```ts
 * import { permutation, Random } from '@bitnetmcu/trainer';
 *
 * const order = permutation(1000, new Random(1)); // the numbers 0 to 999 in random order
 * ```
 */
export function permutation(count: number, random: Random): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return shuffle(order, random);
}
