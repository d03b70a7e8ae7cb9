// The arena: one memory region, laid out statically while a network is compiled. Offsets count floats.

/** A named part of the arena that JavaScript sees as a Float32Array. */
export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** One cache line, and the widest vector. */
const ALIGNMENT = 16;

export function padded(features: number): number {
  return Math.ceil(features / ALIGNMENT) * ALIGNMENT;
}

/**
 * Distance of matrix rows: whole cache lines, an odd number of them, so that a panel of columns spreads over all sets of
 * the cache instead of a few.
 */
export function rowStride(features: number): number {
  const lines = padded(features) / ALIGNMENT;
  return (lines % 2 === 0 ? lines + 1 : lines) * ALIGNMENT;
}

export class Arena {
  /** Offset 0 means "none" in an operation, so the first line stays unused. */
  #length = ALIGNMENT;
  readonly #initial: { readonly offset: number; readonly values: ArrayLike<number> }[] = [];

  /** Floats used so far. */
  get length(): number {
    return this.#length;
  }

  /** Reserves zeroed floats on a cache line of their own; `initial` values are written when the network is made. */
  allocate(length: number, initial?: ArrayLike<number>): number {
    const offset = this.#length;
    this.#length += padded(Math.max(length, 1));
    if (initial !== undefined) this.#initial.push({ offset, values: initial });
    return offset;
  }

  /** Reserves a table of 32-bit integers. */
  allocateWords(words: readonly number[]): number {
    return this.allocate(words.length, new Float32Array(Int32Array.from(words).buffer));
  }

  /** Writes the initial values into the memory that was made for this arena. */
  initialize(memory: Float32Array): void {
    for (const { offset, values } of this.#initial) memory.set(values, offset);
  }
}
