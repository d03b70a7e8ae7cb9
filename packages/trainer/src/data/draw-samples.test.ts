import { describe, expect, it } from 'vitest';
import { drawSamples, otherSamples } from './draw-samples.js';

/** So many samples of each class, one class after another, as image folders and sorted tables have them. */
const sorted = (...sizes: number[]) => ({
  labels: Uint16Array.from(sizes.flatMap((size, label) => new Array<number>(size).fill(label))),
});
const counts = ({ labels }: { labels: Uint16Array }, numbers: Iterable<number>, classes: number) => {
  const found = new Array<number>(classes).fill(0);
  for (const number of numbers) found[labels[number]!]!++;
  return found;
};

describe('drawSamples', () => {
  it('takes of each class its share, whatever the order of the samples', () => {
    const samples = sorted(600, 300, 100);
    expect(counts(samples, drawSamples(samples, 100), 3)).toEqual([60, 30, 10]);
  });

  it('leaves out no class that there is room for', () => {
    const samples = sorted(10_000, 1, 1, 1);
    expect(counts(samples, drawSamples(samples, 8), 4)).toEqual([5, 1, 1, 1]);
    // More classes than samples: each at most once.
    const many = sorted(...new Array<number>(50).fill(4));
    expect(Math.max(...counts(many, drawSamples(many, 20), 50))).toBe(1);
  });

  it('draws no sample twice, all where fewer are there, the same for the same seed', () => {
    const samples = sorted(50, 70, 80);
    const drawn = drawSamples(samples, 90, 4);
    expect(new Set(drawn).size).toBe(90);
    expect(drawSamples(samples, 90, 4)).toEqual(drawn);
    expect(drawSamples(samples, 90, 5)).not.toEqual(drawn);
    expect([...drawSamples(samples, 1000)].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('mixes classes, so that the first of the drawn ones represent all', () => {
    const samples = sorted(500, 500, 500, 500);
    const first = counts(samples, drawSamples(samples, 512).slice(0, 64), 4);
    expect(Math.min(...first)).toBeGreaterThan(4);
  });

  it('refuses a count that is none', () => {
    for (const count of [0, -1, 1.5]) expect(() => drawSamples(sorted(3), count)).toThrow(/whole number from 1 on/);
  });
});

it('otherSamples gives the ones not drawn', () => {
  expect([...otherSamples({ count: 6 }, Uint32Array.of(4, 0, 1))]).toEqual([2, 3, 5]);
});
