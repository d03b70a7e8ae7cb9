// The simple policies, freezing, and the JSON registry, with values worked by hand.
import { describe, expect, it } from 'vitest';
import { formats, getFormat } from '../registry.js';
import { decayingClip } from './decaying.js';
import { fixedClip } from './fixed.js';
import { frozenFrom } from './freeze.js';
import { learnedClip } from './learned.js';
import { octav, weightedOctav } from './octav.js';
import type { ClippingPolicy } from './policy.js';
import { proportionalClip } from './proportional.js';
import { type ClippingSpec, clippingPolicy, hasLearnedClip, learnsClip } from './registry.js';

/** mean|w| = 1. */
const weights = Float32Array.of(-2, 1, 0.5, -0.5);
const clipAt = (policy: ClippingPolicy, epoch: number, current?: number) =>
  policy({ format: getFormat('4bitsym'), weights, epoch, current });
const refusal = (code: string) => expect.objectContaining({ name: 'QuantError', code });

describe('policies', () => {
  it('fixed: the value', () => {
    expect(clipAt(fixedClip(0.7), 0)).toBe(0.7);
    expect(clipAt(fixedClip(0.7), 99, 3)).toBe(0.7);
  });

  it('proportional: factor · mean|w|', () => {
    expect(clipAt(proportionalClip(2.5), 3, 9)).toBe(2.5);
  });

  it('decaying: from start to end over the epochs, then end', () => {
    const policy = decayingClip(4, 2, 10);
    expect([0, 5, 10, 50].map((epoch) => clipAt(policy, epoch))).toEqual([4, 3, 2, 2]);
  });

  it('learned: OCTAV first, then what the optimizer made of it', () => {
    expect(clipAt(learnedClip, 0)).toBe(clipAt(octav, 0));
    expect(clipAt(learnedClip, 1, 1.25)).toBe(1.25);
  });

  it('frozen: the policy before the epoch, the current scalar from then on', () => {
    const policy = frozenFrom(2, decayingClip(4, 2, 10));
    expect(clipAt(policy, 1, 99)).toBe(3.8);
    expect(clipAt(policy, 2, 99)).toBe(99);
    expect(clipAt(policy, 3, 99)).toBe(99);
    expect(clipAt(frozenFrom(0, proportionalClip(3)), 0)).toBe(3);
  });

  it.each([
    () => fixedClip(0),
    () => weightedOctav(0),
    // Its noise model is of equal steps, and of more weights than four.
    () => clipAt(weightedOctav(2), 0),
    () => weightedOctav(2)({ format: getFormat('NF4'), weights: new Float32Array(100), epoch: 0, current: undefined }),
    () => fixedClip(Number.NaN),
    () => proportionalClip(-1),
    () => proportionalClip(Number.POSITIVE_INFINITY),
    () => decayingClip(1, 0, 5),
    () => decayingClip(1, 1, 0),
    () => frozenFrom(-1, octav),
    () => frozenFrom(1.5, octav),
  ])('refuses options that make no policy: %s', (make) => {
    expect(make).toThrow(refusal('invalid-option'));
  });
});

describe('clippingPolicy', () => {
  it.each<[ClippingSpec, number]>([
    [{ method: 'fixed', value: 3 }, 3],
    [{ method: 'proportional', factor: 2 }, 2],
    [{ method: 'decaying', start: 4, end: 2, epochs: 10 }, 3],
    [{ method: 'octav' }, clipAt(octav, 5)],
    [{ method: 'learned' }, 7],
    [{ method: 'octav', freezeEpoch: 5 }, 7],
    [{ method: 'proportional', factor: 2, freezeEpoch: 6 }, 2],
    [{ method: 'octav', freezeEpoch: undefined }, clipAt(octav, 5)],
  ])('%j in epoch 5 after 7', (spec, clip) => {
    expect(clipAt(clippingPolicy(spec), 5, 7)).toBe(clip);
  });

  it('names the nearest method to an unknown one', () => {
    const wrong = { method: 'otav' } as unknown as ClippingSpec;
    expect(() => clippingPolicy(wrong)).toThrow(refusal('unknown-clipping-method'));
    expect(() => clippingPolicy(wrong)).toThrow('Did you mean "octav"?');
  });

  it.each([
    [{ method: 'octav', freezeEpoc: 3 }, 'Did you mean "freezeEpoch"?'],
    [{ method: 'proportional', factr: 2 }, 'Did you mean "factor"?'],
    [{ method: 'fixed', value: 1, freezeEpoch: 3 }, 'no option of the clipping method fixed "freezeEpoch"'],
    [{ method: 'fixed', value: '1' }, '"value" is 1'],
    [{ method: 'learned', learningRateFactor: -1 }, '"learningRateFactor" is -1'],
    [{ method: 'octav', freezeEpoch: -1 }, '"freezeEpoch" is -1'],
  ])('refuses the mistake %j', (spec, message) => {
    expect(() => clippingPolicy(spec as ClippingSpec)).toThrow(refusal('invalid-option'));
    expect(() => clippingPolicy(spec as ClippingSpec)).toThrow(message);
  });

  it('says when a scalar is learned', () => {
    expect(learnsClip({ method: 'learned' }, 100)).toBe(true);
    expect(learnsClip({ method: 'learned', freezeEpoch: 5 }, 4)).toBe(true);
    expect(learnsClip({ method: 'learned', freezeEpoch: 5 }, 5)).toBe(false);
    expect(learnsClip({ method: 'octav' }, 0)).toBe(false);
    expect(hasLearnedClip({ method: 'learned' }, formats.Ternary)).toBe(true);
    expect(hasLearnedClip({ method: 'learned' }, formats.BinarySym)).toBe(false);
    expect(hasLearnedClip({ method: 'octav' }, formats.Ternary)).toBe(false);
  });
});
