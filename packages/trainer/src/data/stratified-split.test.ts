// The division in two by classes and groups.
import { describe, expect, it } from 'vitest';
import { stratifiedChoice } from './stratified-split.js';

const counts = (labels: ArrayLike<number>, numbers: Uint32Array): number[] => {
  const found: number[] = [];
  for (const i of numbers) found[labels[i]!] = (found[labels[i]!] ?? 0) + 1;
  return Array.from(found, (count) => count ?? 0);
};

describe('by class', () => {
  it('takes the share of each class, the same for a seed and another for another', () => {
    const labels = Uint16Array.from({ length: 150 }, (_, i) => Math.floor(i / 50));
    const chosen = stratifiedChoice({ labels }, 23, 0);
    // 23/3 = 7.67: largest remainders are equal, the first two classes get the rest.
    expect(counts(labels, chosen)).toEqual([8, 8, 7]);
    expect(stratifiedChoice({ labels }, 23, 0)).toEqual(chosen);
    expect(stratifiedChoice({ labels }, 23, 1)).not.toEqual(chosen);
    expect([...chosen]).toEqual([...chosen].sort((a, b) => a - b));
  });

  it('a rare class is on both sides, and one sample of a class stays in training', () => {
    const labels = Uint16Array.from([...Array<number>(97).fill(0), 1, 1, 2]);
    expect(counts(labels, stratifiedChoice({ labels }, 10, 3))).toEqual([9, 1]);
  });

  it('refuses to take all', () => {
    expect(() => stratifiedChoice({ labels: Uint16Array.of(0, 1) }, 2, 0)).toThrow(/2 samples cannot be held out of 2/);
    expect(stratifiedChoice({ labels: Uint16Array.of(0, 1) }, 0, 0)).toHaveLength(0);
  });
});

describe('by groups', () => {
  it('groups stay whole, and every class is on both sides', () => {
    // 3 classes of 10 recordings with 3 to 12 samples each.
    const labels: number[] = [];
    const groups: number[] = [];
    for (let group = 0; group < 30; group++) {
      for (let i = 0; i < 3 + (group % 10); i++) {
        labels.push(group % 3);
        groups.push(group);
      }
    }
    for (let seed = 0; seed < 20; seed++) {
      const samples = { labels: Uint16Array.from(labels), groups: Uint32Array.from(groups) };
      const chosen = stratifiedChoice(samples, Math.round(0.2 * labels.length), seed);
      const held = new Set([...chosen].map((i) => groups[i]!));
      expect(chosen.length).toBe(groups.filter((group) => held.has(group)).length);
      const shares = counts(labels, chosen).map(
        (count, label) => count / labels.filter((other) => other === label).length,
      );
      for (const share of shares) expect(Math.abs(share - 0.2)).toBeLessThan(0.1);
    }
  });

  it.each([3, 7, 12])(
    'of ranges of a number that drifts, not every one has to be on both sides: %d stretches',
    (stretches) => {
      const groups = Uint32Array.from({ length: stretches * 10 }, (_, i) => Math.floor(i / 10));
      const labels = Uint16Array.from(groups, (group) => Math.floor((5 * group) / stretches));
      for (let seed = 0; seed < 10; seed++) {
        const chosen = stratifiedChoice({ labels, groups, areClasses: false }, Math.round(1.5 * stretches), seed);
        expect(chosen.length).toBeGreaterThan(0);
        expect(chosen.length).toBeLessThanOrEqual(20);
        expect(chosen.length % 10).toBe(0);
      }
    },
  );

  it('a class of one recording is not torn apart, and not taken from training', () => {
    const samples = { labels: Uint16Array.of(0, 0, 0, 0, 1, 1), groups: Uint32Array.of(0, 0, 1, 1, 2, 2) };
    const chosen = stratifiedChoice(samples, 2, 0);
    expect(counts(samples.labels, chosen)).toEqual([2]);
  });
});
