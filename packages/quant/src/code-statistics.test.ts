import { describe, expect, it } from 'vitest';
import { codeEntropy, codeStatistics } from './code-statistics.js';
import { FORMAT_NAMES, formats } from './registry.js';

describe('codeStatistics', () => {
  it('gives hand-worked entropy and capacity', () => {
    // Shares ½, ¼, ¼: 0.5·1 + 0.25·2 + 0.25·2 = 1.5 bits; of 1.6 stored that is 93.75 %.
    const ternary = codeStatistics('Ternary', [1, 1, 0, 2]);
    expect([...ternary.counts]).toEqual([1, 2, 1]);
    expect([...ternary.shares]).toEqual([0.25, 0.5, 0.25]);
    expect(ternary.entropy).toBeCloseTo(1.5, 12);
    expect(ternary.capacityUsed).toBeCloseTo(0.9375, 12);
  });

  it('is log2(levels) for equal shares and 0 for a constant', () => {
    for (const name of FORMAT_NAMES) {
      const codes = Array.from(formats[name].levels, (_, code) => code);
      expect(codeEntropy(name, codes)).toBeCloseTo(Math.log2(codes.length), 12);
      expect(codeStatistics(name, codes).capacityUsed).toBeLessThanOrEqual(1 + 1e-12);
      expect(codeEntropy(name, [1, 1, 1])).toBe(0);
    }
  });

  it('is 0 for no codes and refuses foreign codes', () => {
    expect(codeStatistics('4bit', [])).toMatchObject({ entropy: 0, capacityUsed: 0 });
    expect(() => codeEntropy('2bitsym', [0, 4])).toThrow(expect.objectContaining({ code: 'invalid-code' }));
  });
});
