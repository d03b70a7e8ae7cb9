// The one random generator of the conformance suite: sfc32 (Doty-Humphrey, PractRand), 128 bits of state, seeded by splitmix32.

export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any integers; the same ones give the same sequence on every machine. */
  constructor(...seed: readonly number[]) {
    let state = 0x9e37_79b9;
    const next = (value: number): number => {
      state = (state ^ value) + 0x9e37_79b9;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
      state = (z ^ (z >>> 15)) | 0;
      return state;
    };
    for (const value of seed) next(value | 0);
    this.a = next(1);
    this.b = next(2);
    this.c = next(3);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Uniform over 0 … 2^32 − 1. */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform integer from min to max, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor((this.uint32() / 2 ** 32) * (max - min + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.uint32() / 2 ** 32 < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }
}
