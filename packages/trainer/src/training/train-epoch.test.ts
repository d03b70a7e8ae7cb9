import { describe, expect, it } from 'vitest';
import { dampingIn } from './train-epoch.js';

describe('dampingIn', () => {
  it('rises from 0 as the cosine schedule falls, half way in the middle', () => {
    expect(dampingIn(0, 60, 0.3)).toBe(0);
    expect(dampingIn(30, 60, 0.3)).toBeCloseTo(0.15, 12);
    expect(dampingIn(59, 60, 0.3)).toBeGreaterThan(0.299);
    expect(dampingIn(40, 60, 0)).toBe(0);
  });
});
