// Pruning during a run: what goes, when, that it stays away, and that a resumed run ends the same.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Actions, finishedRun, interrupted, layered, layeredRun } from '../testing/layered-runs.js';
import { folder, useRunFolder } from '../testing/striped-runs.js';
import type { EpochAction } from './epoch-action.js';
import { gradualShare, shareAtEpoch } from './prune-schedule.js';

useRunFolder();

type Prune = Extract<Actions[number], { kind: 'prune' }>;
const once = (epoch: number): Prune['schedule'] => ({ kind: 'once', epoch });
const prune = (more: Partial<Prune> & Pick<Prune, 'of' | 'schedule'>): Actions => [
  { kind: 'prune', share: 0.5, ...more },
];
const zeros = (values: Float32Array) => values.reduce((sum, value) => sum + Number(value === 0), 0);

describe('prune', () => {
  it('takes the least weights of every layer, and they stay 0', async () => {
    const before: Record<string, Float32Array> = {};
    const see: EpochAction = {
      epochEnded: ({ network, epoch }) => {
        if (epoch === 1) for (const key of ['fc1.weight', 'fc2.weight']) before[key] = network.parameters[key]!.slice();
      },
    };
    const run = await finishedRun(prune({ of: 'weights', schedule: once(2) }), {}, see);
    const { parameters } = run.checkpoint().network;
    for (const layer of ['fc1', 'fc2']) {
      const mask = parameters[`${layer}.mask`]!;
      const magnitudes = before[`${layer}.weight`]!.map(Math.abs);
      const median = [...magnitudes].sort((a, b) => a - b)[magnitudes.length / 2]!;
      expect([...mask]).toEqual([...magnitudes].map((value) => Number(value >= median)));
      parameters[`${layer}.weight`]!.forEach((weight, i) => {
        if (mask[i] === 0) expect(weight).toBe(0);
      });
    }
    const plain = await finishedRun([]);
    expect(parameters['fc2.weight']).not.toEqual(plain.checkpoint().network.parameters['fc2.weight']);
    expect(plain.checkpoint().network.parameters['fc2.mask']).toBeUndefined();
    const lossOf = (of: typeof run) => of.history.map(({ train }) => train.loss);
    expect(lossOf(run).slice(0, 2)).toEqual(lossOf(plain).slice(0, 2));
    expect(lossOf(run)[2]).not.toBe(lossOf(plain)[2]);
  });

  it('takes neurons with what reads them and their biases', async () => {
    const run = await finishedRun(prune({ of: 'neurons', schedule: once(3), share: 0.25 }), {
      network: layered('4bitsym'),
    });
    const { parameters, spec } = run.trainedNetwork();
    const dead = [...parameters['fc1.bias']!.keys()].filter((i) => parameters['fc1.mask']![i * 36] === 0);
    expect(dead).toHaveLength(3);
    expect(zeros(parameters['fc1.mask']!)).toBe(3 * 36);
    expect(zeros(parameters['fc2.mask']!)).toBe(3 * 2);
    for (const i of dead) {
      expect(parameters['fc1.bias']![i]).toBe(0);
      expect([parameters['fc2.mask']![i], parameters['fc2.mask']![12 + i]]).toEqual([0, 0]);
    }
    expect(spec.layers[0]).toMatchObject({ outputs: 12 });
    expect(run.history.at(-1)!.train.accuracy).toBeGreaterThan(0.8);
  });

  it('takes more from the layer with less important weights where the share is of the network', async () => {
    const of = async (scope: 'layer' | 'network') => {
      const run = await finishedRun(prune({ of: 'weights', schedule: once(3), scope, share: 0.6 }));
      const { parameters } = run.checkpoint().network;
      return [zeros(parameters['fc1.mask']!), zeros(parameters['fc2.mask']!)];
    };
    expect(await of('layer')).toEqual([Math.round(0.6 * 432), Math.round(0.6 * 24)]);
    const [first, second] = await of('network');
    expect(first! + second!).toBe(Math.round(0.6 * 456));
    expect(second).not.toBe(Math.round(0.6 * 24));
  });

  it('takes weights in blocks', async () => {
    const run = await finishedRun(prune({ of: 'weights', schedule: once(1), block: 5, layers: ['fc1'] }));
    const mask = run.checkpoint().network.parameters['fc1.mask']!;
    // Seven blocks of 5 and one weight more in each row of 36.
    for (let row = 0; row < 12; row++) {
      for (let i = 0; i < 36; i++) expect(mask[row * 36 + i]).toBe(mask[row * 36 + 5 * Math.floor(i / 5)]);
    }
    const blocks = mask.filter((_, i) => (i % 36) % 5 === 0);
    expect(zeros(blocks)).toBe(48);
  });

  it('goes along the cubic of Zhu and Gupta, step by step', async () => {
    // 1 − (1 − 1/2)³ = 7/8 of 0.8.
    expect(gradualShare({ kind: 'gradual', from: 1, to: 3, every: 1 }, 0.8, 2)).toBeCloseTo(0.7, 12);
    const seen: number[] = [];
    const see: EpochAction = { epochTrained: ({ network }) => void seen.push(zeros(network.parameters['fc1.mask']!)) };
    const schedule = { kind: 'gradual', from: 1, to: 3, every: 21 } as const;
    await finishedRun(prune({ of: 'weights', schedule, layers: ['fc1'], share: 0.8 }), {}, see);
    // 63 steps an epoch: the last pruning of the second one is at its end, the third is complete before the fourth epoch's first step.
    expect(seen).toEqual([
      0,
      Math.round(0.7 * 432),
      seen[2],
      Math.round(0.8 * 432),
      Math.round(0.8 * 432),
      Math.round(0.8 * 432),
    ]);
    expect(seen[2]).toBeGreaterThan(seen[1]!);
  });

  it('goes in rounds that take one share of what is left', () => {
    const schedule = { kind: 'rounds', first: 2, every: 3, count: 3 } as const;
    const shares = Array.from({ length: 12 }, (_, epoch) => shareAtEpoch(schedule, 0.488, epoch));
    // 1 − 0.8³ = 0.488
    expect(shares[2]).toBeCloseTo(0.2, 12);
    expect(shares[5]).toBeCloseTo(0.36, 12);
    expect(shares[8]).toBeCloseTo(0.488, 12);
    expect(shares.filter((share) => share !== undefined)).toHaveLength(3);
  });

  it.each<[string, Actions]>([
    ['weights', prune({ of: 'weights', schedule: { kind: 'gradual', from: 0, to: 4, every: 7 } })],
    ['neurons', prune({ of: 'neurons', schedule: { kind: 'rounds', first: 1, every: 2, count: 2 } })],
  ])('%s: a resumed run ends the same to the bit', async (name, actions) => {
    const whole = (await finishedRun(actions)).checkpoint();
    const found = await interrupted(actions, { output: join(folder, name) }, 9);
    expect(found.checkpoint.network.parameters).toEqual(whole.network.parameters);
    expect(found.checkpoint.state).toEqual(whole.state);
  });

  it.each<[RegExp, Actions, Parameters<typeof layeredRun>[1]?]>([
    [
      /layer 'fc1' has the format 4bitsym, which has no 0: .*of: 'neurons'/,
      prune({ of: 'weights', schedule: once(1) }),
      { network: layered('4bitsym', '8bit') },
    ],
    [
      /no layer 'fc3' that can be pruned; did you mean 'fc1'/,
      prune({ of: 'weights', schedule: once(1), layers: ['fc3'] }),
    ],
    [
      /neurons of the layer 'fc2' cannot be pruned: its outputs are the logits/,
      prune({ of: 'neurons', schedule: once(1), layers: ['fc2'] }),
    ],
    [/the last weights go after 6 epochs, and the run has 6/, prune({ of: 'neurons', schedule: once(6) })],
    [/from epoch 3 to 3/, prune({ of: 'weights', schedule: { kind: 'gradual', from: 3, to: 3 } })],
    [/'block' is 4, and neurons are pruned as a whole/, prune({ of: 'neurons', schedule: once(1), block: 4 })],
  ])('refuses with %s', async (message, actions, change) => {
    await expect(layeredRun(actions, change)).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    );
  });

  it('with a penalty makes some neurons small before they go, and ends the same when it is resumed', async () => {
    const actions = (penalty?: number) =>
      prune({ of: 'neurons', schedule: once(3), layers: ['fc1'], ...(penalty && { penalty }) });
    const smallest: number[] = [];
    const see: EpochAction = {
      epochTrained({ network, epoch }) {
        if (epoch !== 2) return;
        const weight = network.parameters['fc1.weight']!;
        const norms = Array.from({ length: 12 }, (_, o) => Math.hypot(...weight.subarray(36 * o, 36 * (o + 1))));
        smallest.push((12 * Math.min(...norms)) / norms.reduce((a, b) => a + b));
      },
    };
    await finishedRun(actions(), {}, see);
    const whole = (await finishedRun(actions(0.002), {}, see)).checkpoint();
    expect(smallest[1]).toBeLessThan(0.95 * smallest[0]!);
    const found = await interrupted(actions(0.002), { output: join(folder, 'penalty') }, 5);
    expect(found.checkpoint.network.parameters).toEqual(whole.network.parameters);
    await expect(layeredRun(prune({ of: 'weights', schedule: once(1), penalty: 0.1 }))).rejects.toThrow(
      /'penalty' is of neurons/,
    );
  });

  it('stays in an average of weights of before', async () => {
    const run = await finishedRun([...prune({ of: 'weights', schedule: once(4) }), { kind: 'average', from: 1 }]);
    const { parameters } = run.checkpoint().network;
    expect(zeros(parameters['fc1.weight']!)).toBe(zeros(parameters['fc1.mask']!));
    expect(zeros(parameters['fc1.mask']!)).toBe(216);
  });

  it('is kept where a pruned network is trained on', async () => {
    const { trainedNetwork } = await finishedRun(prune({ of: 'weights', schedule: once(2) })).then((run) => ({
      trainedNetwork: run.trainedNetwork(),
    }));
    const on = await finishedRun([], { epochs: 2 }, undefined, { initial: trainedNetwork });
    const { parameters } = on.trainedNetwork();
    expect(parameters['fc1.mask']).toEqual(trainedNetwork.parameters['fc1.mask']);
    expect(zeros(parameters['fc1.weight']!)).toBe(zeros(parameters['fc1.mask']!));
    expect(parameters['fc1.weight']).not.toEqual(trainedNetwork.parameters['fc1.weight']);
  });
});
