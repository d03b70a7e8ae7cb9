// Memory of processes, as Linux tells it.
import { describe, expect, it } from 'vitest';
import { residentBytes, residentOf, tellsMemory } from './resident-memory.js';

describe('residentOf', () => {
  it('reads kibibytes, which are of no size of pages', () => {
    // A page of a kernel with 64 KiB; `statm` says 272 of them.
    const status = 'Name:\tnode\nVmHWM:\t   99999 kB\nVmRSS:\t   17408 kB\nRssAnon:\t    1234 kB\n';
    expect(residentOf(status)).toBe(272 * 65536);
  });

  it('has nothing of a process that has ended', () => {
    expect(residentOf('Name:\tnode\nState:\tZ (zombie)\n')).toBeUndefined();
  });
});

describe.skipIf(!tellsMemory)('residentBytes', () => {
  it('is what the process says of itself', () => {
    const own = process.memoryUsage.rss();
    expect(residentBytes(process.pid)! / own).toBeCloseTo(1, 0);
    expect(residentBytes(2 ** 30)).toBeUndefined();
  });
});
