// Numbers of `bitnetmcu search`.
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { searchJobs, searchLag, searchLimits } from './search-limits.js';

describe('searchLag', () => {
  it('lets all jobs work while the slowest one does, and is the same for few', () => {
    expect([1, 2, 4].map(searchLag)).toEqual([8, 8, 8]);
    expect([5, 16, 64].map(searchLag)).toEqual([10, 32, 128]);
  });
});

describe('searchJobs', () => {
  it('are as many as were asked for, else those of this machine, or few enough of a queue that the search is that of a small machine', () => {
    expect(searchJobs(32, true)).toBe(32);
    expect(searchJobs(3, false)).toBe(3);
    expect(searchJobs(undefined, false)).toBe(availableParallelism());
    expect(searchLag(searchJobs(undefined, true))).toBe(searchLag(1));
  });
});

describe('searchLimits', () => {
  it('takes bytes of weights as those of flash', () => {
    expect(searchLimits({ maxWeights: '1k' }).maxWeights).toBe(1024);
    expect(searchLimits({ maxWeights: '1126' }).maxWeights).toBe(1126);
    expect(() => searchLimits({ maxWeights: 'many' })).toThrow(/--max-weights many: a number of bytes/);
  });
});
