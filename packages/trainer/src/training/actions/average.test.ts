// Averages of weights: what they are of, that the network ends with them, and that a resumed run ends the same.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/create-engine.js';
import type { TrainingConfigInput } from '../config.js';
import type { CreateRunOptions } from '../create-run.js';
import { create, folder, resume, runUntil, useRunFolder } from '../testing/striped-runs.js';
import type { EpochAction } from './epoch-action.js';

useRunFolder();

type Actions = NonNullable<TrainingConfigInput['actions']>;

/** The weights after every epoch of a run, before an action changes them. */
async function weightsOfEpochs(change: TrainingConfigInput = {}): Promise<Float32Array[]> {
  const seen: Float32Array[] = [];
  const record: EpochAction = {
    epochTrained: ({ network }) => void seen.push(network.parameters['fc1.weight']!.slice()),
  };
  await (await create(change, { actions: [record] })).run();
  return seen;
}

async function finished(actions: Actions, change: TrainingConfigInput = {}, options: CreateRunOptions = {}) {
  const run = await create({ actions, ...change }, options);
  await run.run();
  return run;
}

const weightOf = async (actions: Actions, change?: TrainingConfigInput) =>
  (await finished(actions, change)).checkpoint().network.parameters['fc1.weight']!;

describe('average', () => {
  it('ends with the mean of the weights after the epochs that count, in doubles', async () => {
    const epochs = await weightsOfEpochs({ epochs: 6 });
    const mean = (...of: number[]) =>
      epochs[0]!.map((_, i) => of.reduce((sum, e) => sum + epochs[e]![i]!, 0) / of.length);
    const close = (found: Float32Array, wanted: Float32Array) =>
      found.forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i]!, 5);
      });
    close(await weightOf([{ kind: 'average', from: 2 }], { epochs: 6 }), mean(2, 3, 4, 5));
    close(await weightOf([{ kind: 'average', from: 0, every: 3 }], { epochs: 6 }), mean(2, 5));
    // Three quarters of six epochs are four.
    close(await weightOf([{ kind: 'average' }], { epochs: 6 }), mean(4, 5));
    expect(await weightOf([{ kind: 'average', from: 5 }], { epochs: 6 })).toEqual(epochs[5]);
    expect(mean(4, 5)).not.toEqual(epochs[5]);
  });

  it('with a decay moves after every step, from the weights before the first that counts', async () => {
    const seen: Float32Array[] = [];
    const record: EpochAction = {
      epochStarted: ({ network }) => void seen.push(network.parameters['fc1.weight']!.slice()),
      stepped: ({ network }) => void seen.push(network.parameters['fc1.weight']!.slice()),
    };
    await (await create({}, { actions: [record] })).run();
    // 250 samples in batches of 4: 63 steps an epoch, and one record before them.
    expect(seen).toHaveLength(3 * 64);
    const wanted = Float64Array.from(seen[64]!);
    for (const weights of [...seen.slice(65, 128), ...seen.slice(129)]) {
      for (let i = 0; i < wanted.length; i++) wanted[i] = 0.9 * wanted[i]! + 0.1 * weights[i]!;
    }
    const found = await weightOf([{ kind: 'average', from: 1, decay: 0.9 }]);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i]!, 5);
    });
    expect(found).not.toEqual(seen.at(-1));
  });

  it.each<Actions[number]>([
    { kind: 'average', from: 0 },
    { kind: 'average', from: 1, decay: 0.95 },
  ])('%o ends the same to the bit wherever the run was interrupted', async (action) => {
    const whole = await finished([action]);
    for (const reports of [1, 4, 8]) {
      const stopped = await runUntil(
        await create({ actions: [action], output: join(folder, String(reports)) }),
        reports,
      );
      if (stopped.status !== 'interrupted') throw new Error(`finished before report ${reports}`);
      const again = await resume(stopped.checkpoint!);
      await again.run();
      expect(again.checkpoint().network.parameters).toEqual(whole.checkpoint().network.parameters);
      expect(again.checkpoint().actions).toEqual(whole.checkpoint().actions);
      expect(again.history.at(-1)!.validation).toEqual(whole.history.at(-1)!.validation);
    }
  });

  it('is what validation and the test part see, with clipping scalars of its own', async () => {
    const plain = await finished([{ kind: 'average', from: 2 }]);
    const averaged = await finished([{ kind: 'average', from: 0 }]);
    expect(averaged.history.slice(0, 2).map(({ validation }) => validation)).toEqual(
      plain.history.slice(0, 2).map(({ validation }) => validation),
    );
    expect(averaged.history[2]!.validation!.loss).not.toBe(plain.history[2]!.validation!.loss);
    expect(averaged.history[2]!.train).toEqual(plain.history[2]!.train);
    const engine = await createEngine({ kind: 'wasm' });
    const real = async (from: number) =>
      (await finished([{ kind: 'average', from }], { epochs: 4 }, { engine })).checkpoint().network.parameters;
    const [last, mean] = [await real(3), await real(0)];
    expect(mean['fc1.weight']).not.toEqual(last['fc1.weight']);
    expect(mean['fc1.clip']).not.toEqual(last['fc1.clip']);
  });

  it.each<[Actions[number], RegExp]>([
    [
      { kind: 'average', from: 3 },
      /actions\[0\]: no weights are averaged: the first are those after epoch 4, and the run has 3/,
    ],
    [{ kind: 'average', from: 0, every: 4 }, /no weights are averaged/],
    [{ kind: 'average', decay: 0.9, every: 2 }, /'every' is 2, and an average with a decay counts every step/],
  ])('refuses %o', async (action, message) => {
    await expect(create({ actions: [action] })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    );
  });
});
