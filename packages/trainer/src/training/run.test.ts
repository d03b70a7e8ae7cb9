// A run from its first epoch to its end: metrics, files, actions, teachers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrainedNetworkFile } from '@bitnetmcu/models/node';
import { describe, expect, it } from 'vitest';
import type { EpochAction } from './actions/epoch-action.js';
import { readCheckpoint } from './checkpoint.js';
import { parseTrainingConfig, type TrainingConfigInput } from './config.js';
import type { EpochMetrics, MetricsSink } from './metrics.js';
import { softmaxEngine } from './testing/softmax-regression.js';
import { config, create, dataset, folder, resume, useRunFolder } from './testing/striped-runs.js';
import { splitForValidation } from './validation-split.js';

useRunFolder();

describe('TrainingRun', () => {
  it('learns, measures every epoch and evaluates the test part once, at the end', async () => {
    const engine = softmaxEngine();
    const epochs: EpochMetrics[] = [];
    const run = await create({}, { engine });
    const result = await run.run({ onEpoch: (metrics) => epochs.push(metrics) });
    expect(result).toMatchObject({ status: 'finished', test: { accuracy: 1 } });
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    expect(epochs[2]?.validation?.accuracy).toBe(1);
    expect(epochs[2]!.train.loss).toBeLessThan(epochs[0]!.train.loss);
    expect(result.history).toEqual(epochs);
    const { calls } = engine.networks[0]!;
    expect(calls.filter((call) => call.startsWith('clipping'))).toEqual(['clipping 0', 'clipping 1', 'clipping 2']);
    expect(calls.lastIndexOf('evaluate validation')).toBeLessThan(calls.indexOf('load test'));
    expect(run.trainedNetwork().provenance.metrics).toMatchObject({ epochs: 3, testAccuracy: 1 });
  });

  it('leaves the test part alone where it is told to, until it is asked for', async () => {
    const engine = softmaxEngine();
    const run = await create({ output: folder }, { engine });
    const result = await run.run({ test: false });
    expect(Object.keys(result)).toEqual(['status', 'history']);
    expect(engine.networks[0]!.calls.filter((call) => call.endsWith(' test'))).toEqual([]);
    expect(readCheckpoint(join(folder, 'checkpoint.bnc')).test).toBeUndefined();
    expect(run.trainedNetwork().provenance.metrics).not.toHaveProperty('testAccuracy');
    expect(await run.run()).toMatchObject({ status: 'finished', test: { accuracy: 1 } });
    expect(readTrainedNetworkFile(join(folder, 'network.bnt')).provenance.metrics).toHaveProperty('testAccuracy', 1);
  });

  it('holds out the same samples for every seed where the split has a seed of its own', async () => {
    const heldOut = (change: TrainingConfigInput) => {
      const { heldOut } = splitForValidation(dataset.train, parseTrainingConfig({ ...config, ...change }));
      return heldOut.bytes;
    };
    expect(heldOut({ seed: 1, splitSeed: 7 })).toEqual(heldOut({ seed: 2, splitSeed: 7 }));
    expect(heldOut({ seed: 7 })).toEqual(heldOut({ seed: 2, splitSeed: 7 }));
    expect(heldOut({ seed: 1 })).not.toEqual(heldOut({ seed: 2 }));
    const validation = async (change: TrainingConfigInput) => {
      const run = await create({ ...change, epochs: 1, learningRate: 1e-9 });
      return (await run.run()).history[0]?.validation?.loss;
    };
    expect(await validation({ seed: 1, splitSeed: 7 })).toBeCloseTo((await validation({ seed: 2, splitSeed: 7 }))!, 6);
  });

  it('gives the same weights for the same seed and others for another', async () => {
    const weights = async (seed: number) => {
      const run = await create({ seed });
      await run.run();
      return run.trainedNetwork().parameters['fc1.weight'];
    };
    expect(await weights(1)).toEqual(await weights(1));
    expect(await weights(1)).not.toEqual(await weights(2));
  });

  it('leaves checkpoint, network and metrics in the output folder', async () => {
    const run = await create({ output: folder });
    await run.run();
    expect(readCheckpoint(join(folder, 'checkpoint.bnc'))).toMatchObject({ epoch: 3, step: 0, test: { accuracy: 1 } });
    expect(readTrainedNetworkFile(join(folder, 'network.bnt')).parameters).toEqual(run.trainedNetwork().parameters);
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).epoch)).toEqual([0, 1, 2, undefined]);
    expect(JSON.parse(lines[3]!).test.accuracy).toBe(1);
    // A finished run has nothing left to do and keeps its result.
    const finished = await resume(join(folder, 'checkpoint.bnc'), { engine: { ...softmaxEngine() } });
    expect(await finished.run()).toMatchObject({ status: 'finished', test: { accuracy: 1 } });
  });

  it('leaves the event loop free and reports progress with what is left', async () => {
    const run = await create({ epochs: 20 });
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const remaining: number[] = [];
    await run.run({
      onProgress: ({ done, remainingSeconds, elapsedSeconds }) => {
        remaining.push(remainingSeconds);
        expect(done).toBeGreaterThan(0);
        expect(elapsedSeconds).toBeGreaterThanOrEqual(0);
      },
    });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
    expect(remaining.at(-1)).toBe(0);
    expect(Math.max(...remaining)).toBeLessThan(1e6);
  });

  it('calls actions and sinks in order, and closes sinks also when the run fails', async () => {
    const seen: string[] = [];
    const action: EpochAction = {
      samplesLoaded: (_, name, { count }) => void seen.push(`samples ${name} ${count}`),
      epochStarted: ({ epoch }) => void seen.push(`start ${epoch}`),
      epochEnded: () => void seen.push('end'),
    };
    const sink: MetricsSink = {
      open: (history) => void seen.push(`open ${history.length}`),
      write: ({ epoch }) => {
        seen.push(`write ${epoch}`);
        if (epoch === 1) throw new Error('disk full');
      },
      close: (test) => void seen.push(`close ${test}`),
    };
    const run = await create({}, { actions: [action], sinks: [sink] });
    await expect(run.run()).rejects.toThrow('disk full');
    const epoch = (n: number) => ['samples train 250', `start ${n}`, 'end', `write ${n}`];
    expect(seen).toEqual(['open 0', ...epoch(0), ...epoch(1), 'close undefined']);
  });

  it('stops with an explanation when the loss is no number any more', async () => {
    const engine = softmaxEngine();
    const run = await create({}, { engine });
    engine.networks[0]!.train = () => ({ loss: Number.NaN, correct: 0, samples: 4 });
    await expect(run.run()).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringContaining('learning rate'),
    });
  });

  it('learns from a teacher: its logits for every sample of every epoch', async () => {
    await (await create({ output: folder })).run();
    const engine = softmaxEngine();
    const teacher = join(folder, 'checkpoint.bnc');
    const run = await create(
      { epochs: 2, loss: [{ kind: 'crossEntropy' }, { kind: 'distillation', teacher }] },
      { engine },
    );
    await run.run();
    const [student, instructor] = engine.networks;
    expect(student?.calls.filter((call) => call.startsWith('targets'))).toEqual([
      'targets train 500',
      'targets train 500',
    ]);
    expect(instructor?.parameters['fc1.weight']).toEqual(readCheckpoint(teacher).network.parameters['fc1.weight']);
  });

  it('learns from several teachers, the same ones in every term', async () => {
    await (await create({ output: folder })).run();
    const teacher = join(folder, 'checkpoint.bnc');
    const distillation = { kind: 'distillation' as const, teacher: [teacher, teacher] };
    const engine = softmaxEngine();
    await (await create({ epochs: 1, loss: [{ kind: 'crossEntropy' }, distillation] }, { engine })).run();
    expect(engine.networks).toHaveLength(3);
    await expect(create({ loss: [distillation, { ...distillation, teacher }] })).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/different teachers/),
    });
  });

  it('holds out 15 % of a small data set where nothing is said, and notes how many', async () => {
    const run = await create({ validation: undefined, epochs: 1 });
    // Far fewer than the 5000 of the original project's 60 000 images.
    expect(run.config.validation).toBe(Math.floor(0.15 * dataset.train.count));
    expect((await run.run()).history[0]?.validation).toBeDefined();
  });

  it('refuses a data set without a test part before training', async () => {
    const none = { count: 0, bytes: new Uint8Array(), labels: new Uint16Array() };
    await expect(create({}, { dataset: { ...dataset, test: none } })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining('no test sample'),
    });
  });

  it.each([
    [{ network: 'fc-1k' as const, validation: 300 }, 'invalid-argument', /300.*--validation/s],
    [
      {
        network: {
          ...(config.network as object),
          layers: [{ type: 'linear', name: 'a', outputs: 3, weights: { format: '8bit' } }],
        } as never,
      },
      'invalid-config',
      /3 outputs.*2 classes/,
    ],
    [
      {
        network: {
          ...(config.network as object),
          layers: [{ type: 'linear', name: 'a', outputs: 1, weights: { format: '8bit' } }],
        } as never,
      },
      'invalid-config',
      /one output.*2 outputs/s,
    ],
  ])('refuses what does not fit the data', async (change, code, message) => {
    await expect(create(change)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
