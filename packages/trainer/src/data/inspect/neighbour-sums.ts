// How much a number in a column is like the one before it, counted while the column is read once.

/** Sums over pairs of neighbours, of deviations from the first number, so that large numbers (times, pressures) lose no digits. */
export class NeighbourSums {
  #origin: number | undefined;
  #count = 0;
  #before = 0;
  #after = 0;
  #squaresBefore = 0;
  #squaresAfter = 0;
  #products = 0;

  add(before: number, after: number): void {
    this.#origin ??= before;
    const [a, b] = [before - this.#origin, after - this.#origin];
    this.#count++;
    this.#before += a;
    this.#after += b;
    this.#squaresBefore += a * a;
    this.#squaresAfter += b * b;
    this.#products += a * b;
  }

  /** Pearson's correlation of the pairs, −1 … 1; 0 where one of both is constant. */
  get correlation(): number {
    const n = this.#count;
    const spread = (n * this.#squaresBefore - this.#before ** 2) * (n * this.#squaresAfter - this.#after ** 2);
    return spread > 0 ? (n * this.#products - this.#before * this.#after) / Math.sqrt(spread) : 0;
  }
}
