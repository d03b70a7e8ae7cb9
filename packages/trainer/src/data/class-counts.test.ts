import { describe, expect, it } from 'vitest';
import { classNotices, requireBothParts } from './class-counts.js';

const part = (...labels: number[]) => ({
  count: labels.length,
  bytes: new Uint8Array(labels.length),
  labels: Uint16Array.from(labels),
});
const of = (train: number[], test: number[], labels = ['a', 'b', 'c']) => ({
  name: 'x',
  train: part(...train),
  test: part(...test),
  labels,
});

describe('class counts', () => {
  it('refuses what cannot be trained, before it is', () => {
    expect(() => requireBothParts(of([0, 1], []))).toThrow(/no test sample.*--data-test-share/s);
    expect(() => requireBothParts(of([1, 1], [0]))).toThrow(/all 2 training samples are of class 1/);
    expect(() => requireBothParts(of([0, 1], [0]))).not.toThrow();
  });

  it('names classes without samples', () => {
    expect(classNotices(of([0, 1, 2], [0, 1, 2]))).toEqual([]);
    expect(classNotices(of([0, 2], [0, 1, 2]))).toEqual([
      expect.stringMatching(/1 of 3 classes .* training sample \(b\)/),
    ]);
    expect(classNotices(of([0, 1, 2], [0]))).toEqual([
      expect.stringMatching(/2 of 3 classes have no test sample \(b, c\)/),
    ]);
  });
});
