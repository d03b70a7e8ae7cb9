// What a network may take of a part, and by how much it takes more.
import { StudyError } from '../errors.js';

/** Limits of a search; what is left out is the part's own limit, or none. */
export interface SearchBudget {
  /** The part, such as `ch32v003`. */
  readonly target: string;
  /** Of firmware with code and weights, in bytes. */
  readonly maxFlash?: number | undefined;
  /** Of firmware with its stack, in bytes. */
  readonly maxRam?: number | undefined;
  /** Of one inference. */
  readonly maxMs?: number | undefined;
  /** Bytes of packed weights, biases and tables. */
  readonly maxWeights?: number | undefined;
}

/** What a network takes of a part. */
export interface NetworkCosts {
  /** Whether firmware with it fits the part's memories. */
  readonly fits: boolean;
  /** Name of the kernels that these are the costs with. */
  readonly kernels: string;
  readonly weightBytes: number;
  readonly flashBytes: number;
  readonly ramBytes: number;
  readonly cycles?: number | undefined;
  readonly milliseconds?: number | undefined;
}

/** How much more than allowed a network takes: the sum of the excesses as shares of their limits, 0 within the budget. */
export function violationOf(costs: NetworkCosts, { maxFlash, maxRam, maxMs, maxWeights }: SearchBudget): number {
  const excess = (found: number | undefined, limit: number | undefined) =>
    limit === undefined ? 0 : found === undefined ? 1 : Math.max(0, found / limit - 1);
  const broken =
    excess(costs.flashBytes, maxFlash) +
    excess(costs.ramBytes, maxRam) +
    excess(costs.milliseconds, maxMs) +
    excess(costs.weightBytes, maxWeights);
  return costs.fits ? broken : broken + 1;
}

/** @throws StudyError `invalid-argument` for a limit that is no positive number */
export function requireBudget(budget: SearchBudget): void {
  for (const name of ['maxFlash', 'maxRam', 'maxMs', 'maxWeights'] as const) {
    const limit = budget[name];
    if (limit === undefined || (Number.isFinite(limit) && limit > 0)) continue;
    throw new StudyError(
      'invalid-argument',
      `The budget's ${name} is ${limit}: a number above 0 wanted. Leave it out for no limit.`,
    );
  }
}
