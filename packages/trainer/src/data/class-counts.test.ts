import { describe, expect, it } from 'vitest';
import { classNotices, requireBothParts, requireLearnable } from './class-counts.js';

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

  it("refuses one's own data that are too few, naming class and numbers", () => {
    const ten = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    expect(() => requireLearnable(of(ten, [0, 1, 2]))).not.toThrow();
    expect(() => requireLearnable(of(ten.slice(1), [0, 1, 2]))).toThrow(/9 training samples.*at least 10/);
    expect(() => requireLearnable(of(ten, [0, 2]))).toThrow(
      /class b has 3 training and 0 test samples.*2 and 1 are wanted/,
    );
    expect(() => requireLearnable(of([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], [0, 1]))).toThrow(
      /class c has 0 training and 0 test/,
    );
    // A network that is trained further knows its classes already; one with too few samples is refused all the same.
    expect(() => requireLearnable(of([0, 1, 0, 1, 0, 1, 0, 1, 0, 1], [0, 1]), true)).not.toThrow();
    expect(() => requireLearnable(of(ten, [0, 2]), true)).toThrow(/class b has 3 training and 0 test samples/);
    const values = {
      ...of(
        ten.map(() => 0),
        [0],
      ),
      output: { task: 'regression', values: [{ name: 'y', decimals: 0 }] },
    } as const;
    const flat = { ...values.train, targets: new Float32Array(10).fill(3) };
    expect(() => requireLearnable({ ...values, train: flat })).toThrow(/all training samples have the value 3/);
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

  it('names labels that no sample has', () => {
    const labelled = (...targets: number[]) => ({
      ...part(...targets.slice(0, targets.length / 3).fill(0)),
      targets: Float32Array.from(targets),
    });
    const data = (train: number[], test: number[]) =>
      classNotices({
        ...of([], []),
        train: labelled(...train),
        test: labelled(...test),
        output: { task: 'multiLabel' },
      });
    expect(data([1, 0, 0, 0, 1, 1], [1, 1, 1])).toEqual([]);
    expect(data([1, 0, 1, 0, 1, 1], [1, 0, 0, 0, 1, 0])).toEqual([
      'x: 1 of 3 labels have no test sample (c): the score says nothing of them.',
    ]);
    expect(data([1, 0, 1, 0, 0, 0], [1, 1, 1])).toEqual([
      'x: 1 of 3 labels have no training sample (b): the network has outputs for them that learn nothing.',
    ]);
  });
});
