// A sampler says which run comes next, and is told what came out. It is deterministic: the same seed and the same results give the same runs,
// whoever ran them and in whatever order they ended.
import type { RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';

export interface Sampler {
  /**
   * How many runs may be under way that it has not been told of: request n depends on results 0 … n − lag alone, however many workers there are.
   * Infinity for a fixed list.
   */
  readonly lag: number;
  /**
   * The next run; undefined when there is none left, or none before all results are told: it is done when it has none with nothing under way.
   */
  next(): RunRequest | undefined | Promise<RunRequest | undefined>;
  /** The result of a run, in the order in which `next` gave them. */
  tell(record: RunRecord): void;
}
