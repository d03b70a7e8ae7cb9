// The other end of a serial line that software switches: 8 data bits, no parity, sampled in the middle of each bit.

const DATA_BITS = 8;

export class PinReceiver {
  readonly bytes: number[] = [];
  #high = true;
  /** Cycle of the next sample, or undefined between characters. */
  #next: number | undefined;
  #bits = 0;
  #value = 0;
  #isBroken = false;

  /** @param bitCycles duration of a bit */
  constructor(private readonly bitCycles: number) {}

  /** The level of the line from this cycle on. */
  level(high: boolean, cycle: number): void {
    this.#sampleUntil(cycle);
    if (this.#next === undefined && this.#high && !high) {
      // A start bit; its own middle tells nothing new.
      this.#next = cycle + 1.5 * this.bitCycles;
      this.#bits = 0;
      this.#value = 0;
    }
    this.#high = high;
  }

  /** The program ends, and the line stays as it is. */
  end(cycle: number): 'ok' | 'framing-error' {
    this.#sampleUntil(cycle + (DATA_BITS + 2) * this.bitCycles);
    return this.#isBroken ? 'framing-error' : 'ok';
  }

  #sampleUntil(cycle: number): void {
    while (this.#next !== undefined && this.#next <= cycle) {
      if (this.#bits === DATA_BITS) {
        if (this.#high) this.bytes.push(this.#value);
        else this.#isBroken = true;
        this.#next = undefined;
        return;
      }
      this.#value |= Number(this.#high) << this.#bits;
      this.#bits++;
      this.#next += this.bitCycles;
    }
  }
}
