// How long a search may take, and how long it begins new networks.
import type { SearchOptions } from './search-networks.js';

/** Share of the time in which new networks are begun; of random search, which promotes nothing, all of it. */
const BEGINNING = 0.75;

/** Share of the time before which is not asked how long what comes after the trainings takes. */
const LATE = 0.5;

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

  /** @param secondsAfter how long what comes after the last training takes */
  isOver(secondsAfter: () => number): boolean {
    return this.#spent >= LATE * this.#seconds && this.#spent + secondsAfter() >= this.#seconds;
  }

  get isBeginningOver(): boolean {
    return this.#spent >= this.#beginning * this.#seconds;
  }

  get #spent(): number {
    return (performance.now() - this.#started) / 1000;
  }
}
