// Formats and functions that become others in the middle of a run.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/create-engine.js';
import { evaluateTask } from '../scores.js';
import { type Actions, finishedRun, interrupted, layered, layeredRun } from '../testing/layered-runs.js';
import { dataset, folder, useRunFolder } from '../testing/striped-runs.js';
import type { EpochAction } from './epoch-action.js';

useRunFolder();

const toFour: Actions[number] = { kind: 'switch', at: 2, weights: { format: '4bitsym' } };

describe('switch', () => {
  it('keeps weights and moments, and finds clipping scalars for the other format', async () => {
    const seen: Record<string, Float32Array>[] = [];
    const record: EpochAction['epochEnded'] = ({ network: { parameters, state } }) =>
      void seen.push(
        Object.fromEntries(Object.entries({ ...parameters, ...state }).map(([key, values]) => [key, values.slice()])),
      );
    // The run's own actions come after those of the configuration: the second record is of the switched network.
    const started: EpochAction['epochStarted'] = ({ network, epoch }) => {
      if (epoch === 2) record({ network, epoch, epochs: 6 }, undefined as never);
    };
    const run = await finishedRun(
      [toFour],
      {},
      {
        epochTrained: ({ network, epoch, epochs }) =>
          void (epoch === 1 && record({ network, epoch, epochs }, undefined as never)),
        epochStarted: started,
      },
    );
    const [before, after] = seen as [Record<string, Float32Array>, Record<string, Float32Array>];
    for (const key of [
      'fc1.weight',
      'fc1.bias',
      'fc2.weight',
      'fc1.weight.firstMoment',
      'fc2.weight.secondMoment',
      'optimizer.step',
    ]) {
      expect(after[key], key).toEqual(before[key]);
    }
    expect(after['fc1.weight.firstMoment']!.some((value) => value !== 0)).toBe(true);
    expect(after['fc1.clip']).not.toEqual(before['fc1.clip']);
    const { network } = run.checkpoint();
    expect(network.spec.layers.map((layer) => ('weights' in layer ? layer.weights.format : ''))).toEqual([
      '4bitsym',
      '',
      '4bitsym',
    ]);
    expect(run.config.network).toMatchObject(layered('8bit'));

    // Until then it is the 8-bit run, afterwards neither that nor the 4-bit one.
    const lossOf = async (...given: Parameters<typeof finishedRun>) =>
      (await finishedRun(...given)).history.map(({ train }) => train.loss);
    const [eight, four] = [await lossOf([]), await lossOf([], { network: layered('4bitsym') })];
    const losses = run.history.map(({ train }) => train.loss);
    expect(losses.slice(0, 2)).toEqual(eight.slice(0, 2));
    for (const other of [eight, four]) expect(losses.slice(2)).not.toEqual(other.slice(2));
  });

  it('scores as a network that is compiled of the last spec', async () => {
    const run = await finishedRun([toFour]);
    const { spec, parameters } = run.trainedNetwork();
    const network = (await createEngine({ kind: 'wasm' })).compile(spec);
    for (const [key, values] of Object.entries(parameters)) network.parameters[key]!.set(values);
    const flat = { ...dataset.test };
    expect(await evaluateTask(network, 'test', flat)).toEqual(
      (await run.run()).status === 'finished' && run.checkpoint().test,
    );
  });

  it('swaps the activation function', async () => {
    const network = layered('8bit');
    const leaky = {
      ...network,
      layers: network.layers.map((layer) =>
        layer.type === 'activation' ? { ...layer, function: 'leakyRelu' as const } : layer,
      ),
    };
    const run = await finishedRun([{ kind: 'switch', at: 3, activation: 'relu' }], { network: leaky });
    expect(run.trainedNetwork().spec.layers[1]).toMatchObject({ function: 'relu' });
    const plain = await finishedRun([], { network: leaky });
    const lossOf = (of: typeof run) => of.history.map(({ train }) => train.loss);
    expect(lossOf(run).slice(0, 3)).toEqual(lossOf(plain).slice(0, 3));
    expect(lossOf(run)[3]).not.toBe(lossOf(plain)[3]);
  });

  it('keeps learned bits as they are from then on, and trains the weights further', async () => {
    const plain = layered('4bitsym');
    const network = {
      ...plain,
      layers: plain.layers.map((layer) =>
        layer.type === 'linear'
          ? {
              ...layer,
              weights: {
                ...layer.weights,
                learnedBits: { per: 'channel', minimum: 1, learningRateFactor: 2 },
              } as const,
            }
          : layer,
      ),
    };
    const seen: Record<string, Float32Array>[] = [];
    const fixed: Actions[number] = { kind: 'switch', at: 3, weights: { learnedBits: { learningRateFactor: 0 } } };
    await finishedRun(
      [fixed],
      { network, loss: [{ kind: 'crossEntropy' }, { kind: 'size', weight: 1 }] },
      {
        epochTrained: ({ network: { parameters } }) =>
          void seen.push({ bits: parameters['fc1.bits']!.slice(), weight: parameters['fc1.weight']!.slice() }),
      },
    );
    expect(seen[1]!.bits).not.toEqual(seen[0]!.bits);
    expect(seen[2]!.bits).not.toEqual(seen[1]!.bits);
    for (const epoch of [3, 4, 5]) {
      expect(seen[epoch]!.bits).toEqual(seen[2]!.bits);
      expect(seen[epoch]!.weight).not.toEqual(seen[epoch - 1]!.weight);
    }
  });

  it.each([4, 9, 13])('ends the same to the bit when it is resumed after report %i', async (reports) => {
    const actions: Actions = [
      toFour,
      { kind: 'switch', at: 4, weights: { format: '2bitsym' }, layers: ['fc2'] },
      { kind: 'average', from: 3 },
    ];
    const whole = (await finishedRun(actions)).checkpoint();
    const { checkpoint } = await interrupted(actions, { output: join(folder, String(reports)) }, reports);
    expect(checkpoint.network.spec).toEqual(whole.network.spec);
    expect(checkpoint.network.parameters).toEqual(whole.network.parameters);
    expect(checkpoint.state).toEqual(whole.state);
    expect(checkpoint.test).toEqual(whole.test);
  });

  it.each<[RegExp, Actions[number]]>([
    [/'at' is 6, and the run has 6 epochs/, { kind: 'switch', at: 6, activation: 'relu' }],
    [/nothing is switched/, { kind: 'switch', at: 1 }],
    [/no layer named learns its bits/, { kind: 'switch', at: 1, weights: { learnedBits: { learningRateFactor: 0 } } }],
    [
      /there is no layer 'fc9'; there are fc1, act, fc2/,
      { kind: 'switch', at: 1, activation: 'relu', layers: ['fc9'] },
    ],
  ])('refuses with %s', async (message, action) => {
    await expect(layeredRun([action])).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    );
  });
});
