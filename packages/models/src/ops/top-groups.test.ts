// topGroups against its definition worked by hand, and what it refuses.
import { describe, expect, it } from 'vitest';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { inferShapes } from '../shapes.js';
import { topGroups } from './top-groups.js';

function kept(values: readonly number[], scores: readonly number[], keep: number): number[] {
  const [x, s] = [Int32Array.from(values), Int32Array.from(scores)];
  const out = new Int32Array(x.length).fill(99);
  const site = {
    node: { name: 'top', op: 'topGroups', inputs: ['x', 's'], keep },
    inputShapes: [[x.length], [s.length]],
    outputShape: [x.length],
    outputType: 'int32',
  } as const;
  topGroups.reference(site, [x, s], out)();
  return [...out];
}

describe('topGroups', () => {
  it('keeps the channels of the largest scores', () => {
    expect(kept([1, -2, 3, -4, 5, 6], [-7, 9, 0], 1)).toEqual([0, 0, 3, -4, 0, 0]);
    expect(kept([1, -2, 3, -4, 5, 6], [-7, 9, 0], 2)).toEqual([0, 0, 3, -4, 5, 6]);
    expect(kept([1, -2, 3, -4, 5, 6], [-7, 9, 0], 3)).toEqual([1, -2, 3, -4, 5, 6]);
  });

  it('keeps the first ones of equal scores, and never more than it says', () => {
    expect(kept([1, 2, 3, 4], [5, 5, 5, 5], 2)).toEqual([1, 2, 0, 0]);
    expect(kept([1, 2, 3, 4], [0, 8, 0, 8], 3)).toEqual([1, 2, 0, 4]);
    expect(kept([1, 2], [2 ** 31 - 1, -(2 ** 31)], 1)).toEqual([1, 0]);
  });

  it.each([
    [4, 3, 1, /reads 4 channels and 3 scores: as many groups of equal size wanted/],
    [6, 3, 4, /keeps 4 of 3 groups: at most 3 wanted/],
  ])('%i channels, %i scores, %i kept: refused', (channels, scores, keep, message) => {
    const weights = { format: '4bitsym' } as const;
    const spec = parseLayers([
      { type: 'linear', name: 'router', outputs: scores, weights },
      { type: 'linear', name: 'a', inputs: ['input'], outputs: channels, weights },
      { type: 'topGroups', name: 'top', inputs: ['a', 'router'], keep },
    ]);
    expect(spec).toThrow(expect.objectContaining({ code: 'shape-mismatch', message: expect.stringMatching(message) }));
  });

  it('wants scores as features', () => {
    const spec = parseLayers(
      [
        { type: 'conv2d', name: 'a', channels: 2, weights: { format: '8bit' } },
        { type: 'topGroups', name: 'top', inputs: ['a', 'a'], keep: 1 },
      ],
      [1, 4, 4],
    );
    expect(spec).toThrow(
      expect.objectContaining({ code: 'shape-mismatch', message: expect.stringContaining('[groups] wanted') }),
    );
  });

  function parseLayers(layers: readonly unknown[], shape: readonly number[] = [5]) {
    return () => inferShapes(parseNetworkSpec({ name: 'net', input: { shape }, layers }));
  }
});
