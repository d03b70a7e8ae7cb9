// Micro-benchmarks of a core: a few instructions repeated between two reads of the part's own counter, and what of the timing model each is to prove.

/** Where a benchmark's instructions are fetched from. */
export type CodePlace = 'flash' | 'ram';

/** What the timing model assumes, by name. */
export type Assumption =
  | 'instruction'
  | 'flash-fetch'
  | 'load'
  | 'load-from-flash'
  | 'store'
  | 'branch-not-taken'
  | 'jump'
  | 'jump-across-lines'
  | 'multiply'
  | 'divide';

export interface Benchmark {
  /** Letters, digits and hyphens. */
  readonly name: string;
  readonly assumption: Assumption;
  /** How often what is measured happens: what one takes is the difference to `empty`, divided by this. */
  readonly times: number;
  /** Lines of assembly before the first read of the counter. */
  readonly setup?: readonly string[];
  /** Between the reads. */
  readonly code: readonly string[];
  /** Behind the return: functions that the code calls. */
  readonly behind?: readonly string[];
}

/** The benchmark that all others are compared with: the two reads alone. */
export const EMPTY = 'empty';

export function repeat(times: number, ...lines: readonly string[]): string[] {
  return Array.from({ length: times }, () => lines).flat();
}
