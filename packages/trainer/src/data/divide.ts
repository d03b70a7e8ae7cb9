// Which samples of a data set become its test part.
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';
import { SPLIT_STREAM } from './dataset.js';
import { stratifiedChoice } from './stratified-split.js';

/** Chooses the test part where users have none: fixed, so that every run of every seed is judged by the same samples. */
const TEST_SPLIT_SEED = 0;

/** @throws TrainerError `invalid-data` where windows of signals are to be divided at random: test part and validation would have moments of training. */
export function requireWholeRecordings({ splitBy }: Division, source: string): void {
  if (splitBy !== 'random') return;
  throw new TrainerError(
    'invalid-data',
    `${source}: windows of a recording overlap, and a random split puts them into both parts. Leave out --data-split-by random (key \`splitBy\`).`,
  );
}

export interface Division {
  readonly testShare: number;
  readonly splitBy: 'stratified' | 'blocks' | 'random';
}

export interface TestChoice {
  /** The numbers of the samples of the test part, ascending. */
  readonly test: Uint32Array;
  /** Where the part is far from what was asked for. */
  readonly notes: readonly string[];
}

/** The test part: a share of each class, groups as a whole; or a share of all. @param source what messages call the data @param areClasses as of `stratifiedChoice` */
export function chooseTest(
  labels: Uint16Array,
  groups: Uint32Array | undefined,
  { testShare, splitBy }: Division,
  source: string,
  areClasses = true,
): TestChoice {
  const count = Math.min(Math.round(labels.length * testShare), Math.max(0, labels.length - 1));
  if (splitBy !== 'random') {
    const test = stratifiedChoice({ labels, groups, areClasses }, count, TEST_SPLIT_SEED);
    return { test, notes: shareNotes(test.length, labels.length, testShare, groups, source) };
  }
  const test = permutation(labels.length, Random.of(TEST_SPLIT_SEED, SPLIT_STREAM)).slice(0, count).sort();
  return { test, notes: [] };
}

/** A test part of less than half of what was asked for, or of more than half as much again, is said. */
function shareNotes(
  chosen: number,
  count: number,
  testShare: number,
  groups: Uint32Array | undefined,
  source: string,
): string[] {
  if (Math.abs(chosen - count * testShare) <= (count * testShare) / 2) return [];
  const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;
  const why = groups
    ? `what belongs together (${new Set(groups).size} recordings or groups) stays whole, and each class that can be is in both parts`
    : 'each class that can be is in both parts';
  return [
    `${source}: the test part has ${chosen} of ${count} samples, ${percent(chosen / count)}; ${percent(testShare)} were asked for (--data-test-share, key \`testShare\`): ${why}.`,
  ];
}

/** The training part's numbers, ascending. */
export function othersOf(count: number, numbers: Uint32Array): Uint32Array {
  const taken = new Uint8Array(count);
  for (const number of numbers) taken[number] = 1;
  return Uint32Array.from({ length: count }, (_, i) => i).filter((i) => taken[i] === 0);
}
