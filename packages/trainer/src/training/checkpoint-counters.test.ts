// Checkpoints whose counters cannot be: refused by what each of them says, never resumed without training.
import { describe, expect, it } from 'vitest';
import { TrainerError } from '../errors.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import { createTrainingRun, resumeTrainingRun } from './create-run.js';
import { sampleCheckpoint } from './testing/sample-checkpoint.js';
import { stripedDataset } from './testing/striped-dataset.js';

function refusal(change: Partial<Checkpoint>): string {
  try {
    decodeCheckpoint(encodeCheckpoint({ ...sampleCheckpoint(), ...change }));
  } catch (error) {
    if (TrainerError.isInstance(error) && error.code === 'invalid-checkpoint') return error.message;
    throw error;
  }
  return 'accepted';
}

describe('counters against each other and the configuration', () => {
  const sample = sampleCheckpoint();
  const { history, config } = sample;
  const entry = history[0]!;
  const noTotals = { loss: 0, correct: 0, samples: 0 };
  const epochs = (count: number) => Array.from({ length: count }, (_, epoch) => ({ ...entry, epoch }));

  it.each<[string, Partial<Checkpoint>, string]>([
    ['the sample itself', {}, 'accepted'],
    ['a finished run', { epoch: 9, history: epochs(9), step: 0, totals: noTotals, test: entry.train }, 'accepted'],
    ['epochs without metrics', { epoch: 2 }, '2 epochs are completed, but 1 have metrics'],
    ['metrics of other epochs', { history: [{ ...entry, epoch: 7 }] }, 'The metrics of epoch 0 are those of epoch 7'],
    [
      'more epochs than configured',
      { epoch: 10, history: epochs(10), step: 0, totals: noTotals },
      '10 epochs are completed, but the configuration has 9',
    ],
    [
      'steps after the last epoch',
      { epoch: 9, history: epochs(9) },
      'All 9 epochs are completed, but 13 steps of another are done',
    ],
    ['a test score before the end', { test: entry.train }, 'It has a test score, but only 1 of 9'],
    [
      'a step without samples',
      { step: 1e9 },
      '1000000000 steps of 2 samples are done, but the sums are over 26 samples',
    ],
    ['samples without a step', { step: 0 }, '0 steps of 2 samples are done, but the sums are over 26 samples'],
    ['another batch size', { config: { ...config, batchSize: 3 } }, '13 steps of 3 samples'],
    ['more right than seen', { totals: { loss: 1, correct: 27, samples: 26 } }, '27 of 26 samples were right'],
    ['a moment that is no number', { state: { m: Float32Array.of(0, Number.NaN) } }, "The state 'm' is NaN at index 1"],
    [
      'an accuracy of 3',
      { history: [{ ...entry, train: { loss: 1, accuracy: 3 } }] },
      'history[0].train.accuracy: 3 found, at most 1 wanted',
    ],
    ['a negative step', { step: -1 }, 'step: -1 found, at least 0 wanted'],
  ])('%s', (_, change, wanted) => {
    expect(refusal(change)).toContain(wanted);
  });
});

describe('counters against the data', () => {
  it('a step beyond the epoch, sums of another number of samples, another count of the optimizer', async () => {
    const dataset = stripedDataset();
    const config = {
      network: {
        name: 'small',
        input: { shape: dataset.shape },
        layers: [{ type: 'linear', name: 'fc', outputs: dataset.labels.length, weights: { format: '4bit' } }],
      },
      epochs: 3,
      batchSize: 10,
      validation: 0,
      augmentation: 'none',
    } as never;
    const run = await createTrainingRun(config, { dataset });
    const stop = new AbortController();
    await run.run({ signal: stop.signal, onEpoch: () => stop.abort() });
    const saved = run.checkpoint();
    await run.close();
    const steps = Math.ceil(dataset.train.count / 10);
    expect([saved.epoch, saved.step, saved.state['optimizer.step']![0]]).toEqual([1, 0, steps]);
    await expect(resumeTrainingRun(saved, { dataset }).then((resumed) => resumed.close())).resolves.toBeUndefined();

    const resume = (change: Partial<Checkpoint>) => resumeTrainingRun({ ...saved, ...change }, { dataset });
    const samples = (steps + 1) * 10;
    const beyond = resume({ step: steps + 1, totals: { loss: 1, correct: 1, samples } });
    await expect(beyond).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining(`stands at step ${steps + 1} of an epoch; an epoch has ${steps} steps of 10`),
    });
    await expect(resume({ step: 2, totals: { loss: 1, correct: 1, samples: 19 } })).rejects.toThrow(
      'sums over 19 samples after 2 steps, 20 are wanted',
    );
    const state = { ...saved.state, 'optimizer.step': Float32Array.of(steps + 1) };
    await expect(resume({ state })).rejects.toThrow(
      `counts ${steps + 1} optimizer steps, but 1 epochs and 0 steps are ${steps}`,
    );
  });
});
