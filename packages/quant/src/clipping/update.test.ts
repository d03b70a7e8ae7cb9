import { describe, expect, it } from 'vitest';
import { randomWeights } from '../__fixtures__/random-weights.js';
import { quantizeWeights } from '../quantize.js';
import { FORMAT_NAMES, formats } from '../registry.js';
import { inverseScalesFromClips, MAX_CLIP, MIN_CLIP } from '../scale.js';
import { learnedClip } from './learned.js';
import { octav } from './octav.js';
import { powerOfTwoClips } from './power-of-two.js';
import { proportionalClip } from './proportional.js';
import { updateClips } from './update.js';

const refusal = (code: string) => expect.objectContaining({ name: 'QuantError', code });
const perOutput = { outputs: 2, scaling: 'PerOutput' } as const;

describe('updateClips', () => {
  it('gives one scalar for the tensor', () => {
    expect([...updateClips('4bitsym', [1, -3, 2, 2], proportionalClip(2), { outputs: 2 })]).toEqual([4]);
  });

  it('gives one for each output, a power of two apart', () => {
    expect([...updateClips('4bitsym', [1, -3, 4, 4], proportionalClip(2), perOutput)]).toEqual([4, 8]);
    const weights = randomWeights('normal', 32 * 50, 51).map((w, i) => w * (1 + Math.floor(i / 50)));
    const clips = updateClips('4bitsym', weights, octav, { outputs: 32, scaling: 'PerOutput' });
    expect(powerOfTwoClips(clips).clips).toEqual(clips);
    expect(Math.log2(clips[31]! / clips[0]!)).toBeGreaterThanOrEqual(4);
  });

  it('is mean|w| for Ternary and Binary, whatever the policy', () => {
    for (const name of ['Ternary', 'Binary', 'BinarySym']) {
      expect([...updateClips(name, [1, -3, 2, 2], proportionalClip(9), { epoch: 50, current: [7] })]).toEqual([2]);
    }
  });

  it('starts at mean|w| for a learned scalar of Ternary and keeps it from then on', () => {
    expect([...updateClips('Ternary', [1, -3, 2, 2], learnedClip, { learned: true })]).toEqual([2]);
    expect([...updateClips('Ternary', [1, -3, 2, 2], learnedClip, { learned: true, current: [7] })]).toEqual([7]);
  });

  it('passes epoch and current scalar to the policy', () => {
    const seen: unknown[] = [];
    updateClips('4bit', [1, 2, 3, 4], ({ epoch, current, weights }) => seen.push([epoch, current, [...weights]]), {
      ...perOutput,
      epoch: 6,
      current: [0.5, 0.25],
    });
    expect(seen).toEqual([
      [6, 0.5, [1, 2]],
      [6, 0.25, [3, 4]],
    ]);
  });

  it.each(FORMAT_NAMES)('%s: all-zero, tiny and huge tensors stay finite', (name) => {
    for (const weights of [[0], [0, 0, 0, 0], [1e-45, -1e-45], [1e-30, 0], [3.4e38, -3.4e38], [3.4e38, 1e-45]]) {
      const clips = updateClips(name, weights, octav);
      expect(clips[0]).toBeGreaterThanOrEqual(MIN_CLIP);
      expect(clips[0]).toBeLessThanOrEqual(MAX_CLIP);
      const { codes, dequantized } = quantizeWeights(name, weights, {
        inverseScales: inverseScalesFromClips(name, clips),
      });
      expect(codes.every((code) => code < formats[name].levels.length)).toBe(true);
      expect(dequantized.every(Number.isFinite)).toBe(true);
      if (weights.every((w) => w === 0)) expect(dequantized.every((w) => Math.abs(w) < 1e-30)).toBe(true);
    }
  });

  it('takes a million weights', () => {
    const weights = randomWeights('normal', 1_000_000, 52);
    const [clip] = updateClips('4bitsym', weights, octav);
    expect(clip).toBeCloseTo(2.69, 1);
  });

  it('refuses bad weights, shapes and policies', () => {
    expect(() => updateClips('4bit', [], octav)).toThrow(refusal('invalid-length'));
    expect(() => updateClips('4bit', [1, Number.NaN], octav)).toThrow(refusal('non-finite-weight'));
    expect(() => updateClips('4bit', [1, Number.NEGATIVE_INFINITY], octav)).toThrow(refusal('non-finite-weight'));
    expect(() => updateClips('4bit', [1, 2, 3], octav, perOutput)).toThrow(refusal('invalid-shape'));
    expect(() => updateClips('4bit', [1, 2], octav, { ...perOutput, current: [1] })).toThrow(refusal('invalid-length'));
    expect(() => updateClips('4bit', [1, 2], () => Number.NaN)).toThrow(refusal('invalid-clip'));
    expect(() => updateClips('5bit', [1, 2], octav)).toThrow(refusal('unknown-format'));
  });

  it.each([
    [{ scaling: 'perOutput' }, 'Did you mean "PerOutput"?'],
    [{ epoch: -5 }, '"epoch" is -5'],
    [{ epoch: 0.5 }, '"epoch" is 0.5'],
    [{ epoch: Number.NaN }, '"epoch" is NaN'],
    [{ curent: [1] }, 'Did you mean "current"?'],
  ])('refuses the mistake %j', (options, message) => {
    const update = () => updateClips('4bit', [1, 2], octav, options as object);
    expect(update).toThrow(refusal('invalid-option'));
    expect(update).toThrow(message);
  });

  it.each([-1, Number.NaN, undefined, '2', null])('refuses a policy that returns %s', (clip) => {
    expect(() => updateClips('4bit', [1, 2], () => clip as number)).toThrow(refusal('invalid-clip'));
  });
});
