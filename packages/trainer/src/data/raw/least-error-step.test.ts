import { describe, expect, it } from 'vitest';
import { leastErrorStep } from './least-error-step.js';

const statistics = (values: readonly number[]) => {
  const sample = Float64Array.from(values).sort();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const [smallest, largest] = [sample[0]!, sample.at(-1)!];
  return {
    count: values.length,
    smallest,
    largest,
    mean,
    deviation,
    fence: [smallest, largest] as const,
    decimals: 0,
    sample,
  };
};

describe('leastErrorStep', () => {
  it('stays at 32 steps a deviation where nothing lies beyond 127 of them', () => {
    const even = statistics(Array.from({ length: 200 }, (_, i) => i));
    expect(leastErrorStep(even, even.deviation / 32)).toBe(even.deviation / 32);
  });

  it('reaches the largest value of a column that is 0 nearly always', () => {
    // 2 of 100 values are 16: 127 steps of 1/32 deviation end at 9.2; rounding costs less than clamping them.
    const sparse = statistics(Array.from({ length: 100 }, (_, i) => (i % 50 === 0 ? 16 : 0)));
    const step = leastErrorStep(sparse, sparse.deviation / 32);
    expect(step * 127 + sparse.mean).toBeGreaterThan(15.9);
    expect(step * 127 + sparse.mean).toBeLessThan(16.1);
  });
});
