import { describe, expect, it } from 'vitest';
import { bitGroups, chooseWidths } from './bit-groups.js';

const repeated = (...runs: readonly (readonly [bits: number, count: number])[]) =>
  runs.flatMap(([bits, count]) => Array<number>(count).fill(bits));

describe('groups of outputs by bits', () => {
  it('are whole blocks of 8 in the narrowest format that holds the widest of each', () => {
    const layer = { bits: repeated([4, 5], [3, 9], [2, 6], [1, 3]), columns: 10 };
    expect(bitGroups(layer, [1, 2, 3, 4])).toEqual([
      { format: '4bitsym', from: 0, to: 8 },
      { format: '3bitsym', from: 8, to: 16 },
      { format: '2bitsym', from: 16, to: 23 },
    ]);
    expect(bitGroups(layer, [2, 4])).toEqual([
      { format: '4bitsym', from: 0, to: 16 },
      { format: '2bitsym', from: 16, to: 23 },
    ]);
  });

  it('take a further format only where it saves more than its kernel', () => {
    // 8 outputs of 1 bit instead of 2: a bit in each of 800 weights is 100 bytes, in each of 8000 it is 1000.
    expect(chooseWidths([{ bits: repeated([2, 8], [1, 8]), columns: 100 }])).toEqual([2]);
    expect(chooseWidths([{ bits: repeated([2, 8], [1, 8]), columns: 1000 }])).toEqual([1, 2]);
    expect(chooseWidths([])).toEqual([1]);
  });
});
