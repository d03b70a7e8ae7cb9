// Numbers of `bitnetmcu search`.
import { describe, expect, it } from 'vitest';
import { searchLag, searchLimits } from './search-limits.js';

describe('searchLag', () => {
  it('lets all jobs work while the slowest one does, and is the same for few', () => {
    expect([1, 2, 4].map(searchLag)).toEqual([8, 8, 8]);
    expect([5, 16, 64].map(searchLag)).toEqual([10, 32, 128]);
  });
});

describe('searchLimits', () => {
  it('takes bytes of weights as those of flash', () => {
    expect(searchLimits({ maxWeights: '1k' }).maxWeights).toBe(1024);
    expect(searchLimits({ maxWeights: '1126' }).maxWeights).toBe(1126);
    expect(() => searchLimits({ maxWeights: 'many' })).toThrow(/--max-weights many: a number of bytes/);
  });
});
