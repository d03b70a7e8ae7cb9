import { describe, expect, it } from 'vitest';
import { linearMarks, logarithmicMarks } from './marks.js';

describe('logarithmicMarks', () => {
  it('are at 1, 2 and 5 around the values', () => {
    expect(logarithmicMarks([1100, 8000])).toEqual([1000, 2000, 5000, 10_000]);
    expect(logarithmicMarks([0.0005, 0.3])).toEqual([0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]);
  });

  it('are more, and nearer to the values, where these would be few', () => {
    expect(logarithmicMarks([3300, 4650])).toEqual([3000, 4000, 5000]);
    expect(logarithmicMarks([10, 10])).toEqual([10, 15]);
  });
});

describe('linearMarks', () => {
  it('are at round numbers around the values', () => {
    expect(linearMarks([0.3, 5.7])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(linearMarks([98.32, 98.71])).toEqual(
      [98.3, 98.4, 98.5, 98.6, 98.7, 98.8].map((mark) => expect.closeTo(mark, 9)),
    );
  });
});
