// Rewinding: weights go back, masks stay, the optimizer begins anew.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Actions, finishedRun, interrupted, layeredRun } from '../testing/layered-runs.js';
import { folder, useRunFolder } from '../testing/striped-runs.js';
import type { EpochAction } from './epoch-action.js';

useRunFolder();

const pruneAt = (epoch: number): Actions[number] => ({
  kind: 'prune',
  of: 'weights',
  share: 0.5,
  schedule: { kind: 'once', epoch },
});

/** Weights before the first step of every epoch, after what the actions did. */
function watch() {
  const weights: Float32Array[] = [];
  const moments: number[] = [];
  const see: EpochAction = {
    epochStarted({ network }) {
      weights.push(network.parameters['fc1.weight']!.slice());
      moments.push(network.state['fc1.weight.firstMoment']!.reduce((sum, value) => sum + Math.abs(value), 0));
    },
  };
  return { weights, moments, see };
}

describe('rewind', () => {
  it('goes back to the weights after `to` epochs under the masks of now', async () => {
    const { weights, moments, see } = watch();
    const run = await finishedRun([pruneAt(4), { kind: 'rewind', at: [4], to: 1 }], {}, see);
    const mask = run.checkpoint().network.parameters['fc1.mask']!;
    expect(mask.filter((value) => value === 0)).toHaveLength(216);
    expect(weights[4]).toEqual(weights[1]!.map((weight, i) => (mask[i] === 0 ? 0 : weight)));
    expect([moments[0], moments[4]]).toEqual([0, 0]);
    expect(moments[3]).toBeGreaterThan(0);
    // Bias corrections of Adam begin anew: 63 steps an epoch, two epochs since.
    expect(run.checkpoint().state['optimizer.step']).toEqual(Float32Array.of(2 * 63));
  });

  it('takes other random weights as a control, the same ones for the same seed', async () => {
    const of = async (seed: number) => {
      const { weights, see } = watch();
      await finishedRun([pruneAt(3), { kind: 'rewind', at: [3], values: 'random' }], { seed }, see);
      return weights;
    };
    const [first, again, other] = [await of(5), await of(5), await of(6)];
    expect(first[3]).toEqual(again[3]);
    expect(first[3]).not.toEqual(other[3]);
    const live = first[3]!.filter((value) => value !== 0);
    expect(live).toHaveLength(216);
    // Uniform as the first ones: within ±1/√36, of no correlation with them.
    const [a, b] = [first[3]!, first[0]!];
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(Math.max(...b.map(Math.abs)) * 1.1);
    const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    expect(Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b))).toBeLessThan(0.2);
  });

  it.each<Actions[number]>([
    { kind: 'rewind', at: [2, 4], to: 1 },
    { kind: 'rewind', at: [2, 4], values: 'random' },
  ])('%o: a resumed run ends the same to the bit', async (rewind) => {
    const actions: Actions = [
      { kind: 'prune', of: 'weights', share: 0.5, schedule: { kind: 'rounds', first: 2, every: 2, count: 2 } },
      rewind,
    ];
    const whole = (await finishedRun(actions)).checkpoint();
    const found = await interrupted(actions, { output: join(folder, 'run') }, 9);
    expect(found.checkpoint.network.parameters).toEqual(whole.network.parameters);
    expect(found.checkpoint.actions).toEqual(whole.actions);
  });

  it.each<[RegExp, Actions[number]]>([
    [/'at' has 1, and the weights to go back to are those after 1 epochs/, { kind: 'rewind', at: [1, 3], to: 1 }],
    [/'at' has 6, and the run has 6 epochs/, { kind: 'rewind', at: [6] }],
    [/'to' is of early weights/, { kind: 'rewind', at: [3], values: 'random', to: 1 }],
  ])('refuses with %s', async (message, action) => {
    await expect(layeredRun([action])).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    );
  });
});
