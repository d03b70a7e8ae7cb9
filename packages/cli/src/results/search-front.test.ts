// What is said and written of what a search found.
import type { SearchPoint } from '@bitnetmcu/studies';
import { describe, expect, it } from 'vitest';
import { belowWanted } from './search-front.js';

const found = (...accuracies: readonly number[]) => ({
  points: accuracies.map((validation) => ({ validation }) as SearchPoint),
});

describe('belowWanted', () => {
  it('says so where the most accurate network is less accurate than was wanted', () => {
    expect(belowWanted(found(0.7, 0.85), 0.9)).toMatch(/--min-accuracy 0.9: the most accurate one found has 0.8500/);
    expect(belowWanted(found(0.7, 0.9), 0.9)).toBeUndefined();
    expect(belowWanted(found(0.7))).toBeUndefined();
    expect(belowWanted(found(), 0.9)).toBeUndefined();
  });
});
