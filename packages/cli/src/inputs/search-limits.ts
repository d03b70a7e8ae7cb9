// Numbers of `bitnetmcu search`: how long, how many, and what is enough.
import { availableParallelism } from 'node:os';
import { CliError } from '../errors.js';
import { amount, byteCount } from './budget.js';
import { wholeNumber } from './whole-number.js';

interface Given {
  readonly hours?: string;
  readonly runs?: string;
  readonly epochs?: string;
  readonly seed?: string;
  readonly jobs?: string;
  readonly minAccuracy?: string;
  readonly maxWeights?: string;
}

const DEFAULT_HOURS = 0.25;
const LEAST_LAG = 8;
/** Of workers elsewhere, whose cores nobody counts; the search is then the same as with up to four jobs here. */
const JOBS_OF_QUEUE = 4;

/** How many trainings may be under way: enough that none of the jobs waits for the slowest. It is part of what a search is. */
export function searchLag(jobs: number): number {
  return Math.max(LEAST_LAG, 2 * jobs);
}

/** How many trainings are made at a time, here or by the workers of a queue. */
export function searchJobs(wanted: number | undefined, isQueue: boolean): number {
  return wanted ?? (isQueue ? JOBS_OF_QUEUE : availableParallelism());
}

/** @throws CliError `usage` naming the flag */
export function searchLimits(given: Given) {
  const runs = wholeNumber('--runs', given.runs);
  const hours =
    given.hours === undefined ? (runs === undefined ? DEFAULT_HOURS : undefined) : amount('--hours', given.hours);
  return {
    runs,
    maxWeights: given.maxWeights === undefined ? undefined : byteCount('--max-weights', given.maxWeights),
    seconds: hours === undefined ? undefined : 3600 * hours,
    epochs: wholeNumber('--epochs', given.epochs),
    seed: wholeNumber('--seed', given.seed),
    jobs: wholeNumber('--jobs', given.jobs),
    minAccuracy: given.minAccuracy === undefined ? undefined : share('--min-accuracy', given.minAccuracy),
  };
}

function share(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new CliError('usage', `${flag} ${text}: a share from 0 to below 1 is wanted, such as 0.9.`);
}
