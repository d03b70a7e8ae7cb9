// Candidates of a search's runs, and those of them that no other one is better than.
import { describe, expect, it } from 'vitest';
import { finishedRun } from '../statistics/__fixtures__/finished-run.js';
import type { NetworkCosts } from './budget.js';
import { candidatesOf, type SearchedRun } from './candidates.js';

const costs: NetworkCosts = { fits: true, kernels: 'small', weightBytes: 1, flashBytes: 1, ramBytes: 1 };

function searched(seed: number): SearchedRun {
  const record = finishedRun({ seed });
  return { record: { ...record, key: `${seed}` }, costs, known: false };
}

describe('candidatesOf', () => {
  it('counts a training once, however often it was asked for', () => {
    const runs = [searched(1), searched(2), searched(2), searched(3)];
    const candidates = candidatesOf(runs);
    expect(candidates.map(({ records }) => records.map(({ key }) => key))).toEqual([['1'], ['2'], ['3']]);
  });
});
