// Which samples of a data set become its test part.
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';
import { SPLIT_STREAM } from './dataset.js';
import { stratifiedChoice } from './stratified-split.js';

/** Chooses the test part where users have none: fixed, so that every run of every seed is judged by the same samples. */
const TEST_SPLIT_SEED = 0;

export interface Division {
  readonly testShare: number;
  readonly splitBy: 'stratified' | 'random';
}

/** @throws TrainerError `invalid-data` where windows of signals are to be divided at random: test part and validation would have moments of training. */
export function requireWholeRecordings({ splitBy }: Division, source: string): void {
  if (splitBy !== 'random') return;
  throw new TrainerError(
    'invalid-data',
    `${source}: windows of a recording overlap, and a random split puts them into both parts. Leave out --data-split-by random (key \`splitBy\`).`,
  );
}

/** The numbers of the samples of the test part, ascending: a share of each class, groups as a whole; or a share of all. */
export function chooseTest(
  labels: Uint16Array,
  groups: Uint32Array | undefined,
  { testShare, splitBy }: Division,
): Uint32Array {
  const count = Math.min(Math.round(labels.length * testShare), Math.max(0, labels.length - 1));
  if (splitBy === 'stratified') return stratifiedChoice({ labels, groups }, count, TEST_SPLIT_SEED);
  return permutation(labels.length, Random.of(TEST_SPLIT_SEED, SPLIT_STREAM)).slice(0, count).sort();
}

/** The training part's numbers, ascending. */
export function othersOf(count: number, numbers: Uint32Array): Uint32Array {
  const taken = new Uint8Array(count);
  for (const number of numbers) taken[number] = 1;
  return Uint32Array.from({ length: count }, (_, i) => i).filter((i) => taken[i] === 0);
}
