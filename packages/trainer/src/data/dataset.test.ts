import { describe, expect, it } from 'vitest';
import { makeDataset, splitSamples } from './dataset.js';

const samples = (count: number) => ({
  count,
  bytes: Uint8Array.from({ length: count * 3 }, (_, i) => Math.floor(i / 3)),
  labels: Uint16Array.from({ length: count }, (_, i) => i),
});

describe('splitSamples', () => {
  it('takes whole samples, each once, the same for the same seed', () => {
    const { rest, heldOut } = splitSamples(samples(100), 30, 7);
    expect([rest.count, heldOut.count]).toEqual([70, 30]);
    const all = [...rest.labels, ...heldOut.labels];
    expect([...all].sort((a, b) => a - b)).toEqual([...samples(100).labels]);
    expect([...heldOut.bytes]).toEqual([...heldOut.labels].flatMap((label) => [label, label, label]));
    expect(splitSamples(samples(100), 30, 7).heldOut.labels).toEqual(heldOut.labels);
    expect(splitSamples(samples(100), 30, 8).heldOut.labels).not.toEqual(heldOut.labels);
  });

  it('holds nothing out at 0 and refuses to hold everything out', () => {
    expect(splitSamples(samples(5), 0, 1).rest).toEqual(samples(5));
    expect(() => splitSamples(samples(5), 5, 1)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});

describe('makeDataset', () => {
  const parts = { name: 'x', train: samples(4), test: samples(2), shape: [3] as const, labels: ['a', 'b', 'c', 'd'] };

  it('has a hash of shape, samples and labels', () => {
    const { sha256 } = makeDataset(parts);
    expect(makeDataset({ ...parts, name: 'y' }).sha256).toBe(sha256);
    const other = samples(4);
    other.labels[0] = 3;
    expect(makeDataset({ ...parts, train: other }).sha256).not.toBe(sha256);
    expect(makeDataset({ ...parts, shape: [1, 1, 3] }).sha256).not.toBe(sha256);
  });

  it.each([
    ['labels beyond the classes', { labels: ['a', 'b'] }, /label 2/],
    ['bytes that are no whole samples', { shape: [2] as const }, /expected 8/],
    ['no training sample', { train: samples(0) }, /no training sample/],
  ])('refuses %s', (_, change, message) => {
    expect(() => makeDataset({ ...parts, ...change })).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
    );
  });
});
