// How long a search may take, and how long it begins new networks.
import type { SearchOptions } from './search-networks.js';

/** Share of the time in which new networks are begun; of random search, which promotes nothing, all of it. */
const BEGINNING = 0.75;

/** Thrown where a network would be begun too late. */
export const TIME_IS_OVER = new Error('the time of the search is over');

export class SearchTime {
  readonly #started = performance.now();
  readonly #seconds: number;
  readonly #beginning: number;

  constructor({ seconds = Number.POSITIVE_INFINITY, sampler }: Pick<SearchOptions, 'seconds' | 'sampler'>) {
    this.#seconds = seconds;
    this.#beginning = sampler === 'random' ? 1 : BEGINNING;
  }

  get isOver(): boolean {
    return this.#share >= 1;
  }

  get isBeginningOver(): boolean {
    return this.#share >= this.#beginning;
  }

  get #share(): number {
    return (performance.now() - this.#started) / 1000 / this.#seconds;
  }
}
