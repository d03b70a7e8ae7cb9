import { describe, expect, it } from 'vitest';
import { meanSquaredError, squaredError } from './squared-error.js';

describe('squared error', () => {
  it('sums squares of differences', () => {
    expect(squaredError([1, 2, 3], [1, 0, 6])).toBe(13);
    expect(meanSquaredError([1, 2], [0, 0])).toBe(2.5);
    expect(meanSquaredError([], [])).toBe(0);
  });

  it('refuses different lengths', () => {
    expect(() => squaredError([1], [1, 2])).toThrow(expect.objectContaining({ code: 'invalid-length' }));
    expect(() => meanSquaredError([], [1])).toThrow(expect.objectContaining({ code: 'invalid-length' }));
  });
});
