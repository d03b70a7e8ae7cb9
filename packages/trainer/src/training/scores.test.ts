// Scores of the tasks against values worked by hand, and whole runs on data whose answer is known.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { anomalyDataset } from '../data/anomaly.js';
import { type Dataset, makeDataset } from '../data/dataset.js';
import { Random } from '../random.js';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';
import type { TrainingConfigInput } from './config.js';
import { createTrainingRun } from './create-run.js';
import { areaUnderRoc, coefficientOfDetermination, describeScore, multiLabelScore, regressionScore } from './scores.js';

describe('coefficientOfDetermination', () => {
  it('is 1 − Σ error²/Σ (wanted − mean)²', () => {
    // Mean 2; errors 0, 1, 1 → 2; deviations 1, 0, 1 → 2.
    expect(coefficientOfDetermination([1, 2, 3], [1, 3, 2])).toBe(0);
    expect(coefficientOfDetermination([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(coefficientOfDetermination([1, 2, 3], [1, 2, 4])).toBe(0.5);
    expect(coefficientOfDetermination([4, 4], [4, 5])).toBe(0);
  });
});

describe('regressionScore', () => {
  it('is the mean over the values, each in its unit', () => {
    // Values 1, 2, 3 given as 1, 3, 2: R² 0, error 2/3 · 10. Values 1, 2, 3 given as 1, 2, 4: R² 0.5, error 1/3.
    const { r2, meanAbsoluteError } = regressionScore([1, 1, 2, 2, 3, 3], [1, 1, 3, 2, 2, 4], [10, 1]);
    expect(r2).toBe(0.25);
    expect(meanAbsoluteError).toBeCloseTo((20 / 3 + 1 / 3) / 2, 12);
  });
});

describe('multiLabelScore', () => {
  it('counts samples with every label right, and labels', () => {
    const given = [true, false, true, false, true, true];
    // Two labels of three samples: both right, the second wrong, both right.
    expect(multiLabelScore([1, 0, 1, 1, 1, 1], given, 2)).toEqual({ exactMatch: 2 / 3, labelAccuracy: 5 / 6 });
  });
});

describe('areaUnderRoc', () => {
  it('counts pairs in the right order, ties half', () => {
    expect(areaUnderRoc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(areaUnderRoc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
    // Pairs (abnormal, normal): (3, 1) right, (3, 3) tie, (2, 1) right, (2, 3) wrong: 2.5 of 4.
    expect(areaUnderRoc([1, 3, 3, 2], [0, 0, 1, 1])).toBe(2.5 / 4);
    expect(areaUnderRoc([1, 2], [0, 0])).toBeUndefined();
  });

  it('is what counting every pair gives', () => {
    const random = new Random(3);
    const scores = Array.from({ length: 60 }, () => random.nextBelow(12));
    const labels = scores.map(() => random.nextBelow(2));
    let [pairs, right] = [0, 0];
    for (const i of scores.keys())
      for (const j of scores.keys()) {
        if (labels[i] !== 1 || labels[j] !== 0) continue;
        pairs++;
        right += scores[i]! > scores[j]! ? 1 : scores[i]! === scores[j]! ? 0.5 : 0;
      }
    expect(areaUnderRoc(scores, labels)).toBeCloseTo(right / pairs, 12);
  });
});

it('is refused where it is no number: a file with it could not be read', async () => {
  const bytes = Uint8Array.from({ length: 40 * 4 }, (_, i) => (i * 37) % 256);
  const part = { count: 40, bytes, labels: Uint16Array.from({ length: 40 }, (_, i) => i % 2) };
  const dataset = makeDataset({ name: 'two', train: part, test: part, shape: [4], labels: ['a', 'b'] });
  const network: NetworkSpecInput = {
    name: 'one',
    input: { shape: [4] },
    layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
  };
  const run = await createTrainingRun(
    { network, epochs: 1, validation: 0, batchSize: 8, engine: 'wasm', augmentation: 'none' },
    {
      dataset,
      actions: [
        {
          epochEnded: ({ network: { parameters } }) => {
            for (const values of Object.values(parameters)) values.fill(Number.NaN);
          },
        },
      ],
    },
  );
  await expect(run.run()).rejects.toMatchObject({
    code: 'diverged',
    message: expect.stringMatching(/test samples.*NaN/),
  });
  await run.close();
});

it('describes a score in the words of its task', () => {
  expect(describeScore('regression', { accuracy: 0.4567, meanAbsoluteError: 43.217 }, 'mg')).toBe(
    'R² 0.457, mean absolute error 43.22 mg',
  );
  expect(describeScore('anomaly', { accuracy: 0.5, areaUnderRoc: 0.98765 })).toBe('area under ROC 0.9877');
  expect(describeScore('classification', { accuracy: 0.5 })).toBe('accuracy 50.00 %');
});

const FEATURES = 4;
const preprocessing = { divisor: 32, mean: 4, deviation: 1 };
const network = (outputs: number): TrainingConfigInput['network'] => ({
  name: 'n',
  input: { shape: [FEATURES], preprocessing },
  layers: [
    {
      type: 'linear',
      name: 'fc',
      outputs,
      weights: { format: '8bit' },
      norm: 'none',
      activationQuantizer: 'none',
      bias: true,
    },
  ],
});
const quick = { epochs: 60, batchSize: 16, learningRate: 0.02, validation: 20, engine: 'auto' } as const;

function samples(count: number, seed: number, target: (x: number[]) => number[]): Dataset['train'] {
  const random = new Random(seed);
  const bytes = Uint8Array.from({ length: count * FEATURES }, () => 64 + random.nextBelow(128));
  const rows = Array.from({ length: count }, (_, i) => [...bytes.subarray(i * FEATURES, (i + 1) * FEATURES)]);
  const targets = Float32Array.from(rows.flatMap((row) => target(row.map((byte) => byte / 32 - 4))));
  return { count, bytes, labels: new Uint16Array(count), targets };
}

describe('a run', () => {
  it('learns a line of values in their units: R² near 1, error near 0', async () => {
    const target = (x: number[]) => [1000 + 50 * x[0]! - 20 * x[1]!];
    const dataset = makeDataset({
      name: 'line',
      shape: [FEATURES],
      labels: ['load'],
      output: { task: 'regression', values: [{ name: 'load', unit: 'kg', decimals: 1 }] },
      train: samples(200, 1, target),
      test: samples(50, 2, target),
    });
    const run = await createTrainingRun({ ...quick, network: network(1) }, { dataset });
    const result = await run.run();
    if (result.status !== 'finished') throw new Error('interrupted');
    expect(result.test.r2).toBeGreaterThan(0.995);
    // The targets' deviation is about 62 (50·1.15, 20·1.15).
    expect(result.test.meanAbsoluteError).toBeLessThan(4);
    const { spec, provenance } = run.trainedNetwork();
    expect(spec.output).toMatchObject({ task: 'regression', values: [{ name: 'load', unit: 'kg', decimals: 1 }] });
    expect(provenance.metrics).toMatchObject({ testR2: result.test.r2 });
    expect(provenance.metrics).not.toHaveProperty('testAccuracy');
    const checkpoint = run.checkpoint();
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint)).test).toEqual(checkpoint.test);
    await run.close();
  });

  it('learns which of several labels hold', async () => {
    const target = (x: number[]) => [Number(x[0]! > 0), Number(x[1]! + x[2]! > 0)];
    const dataset = makeDataset({
      name: 'labels',
      shape: [FEATURES],
      labels: ['hot', 'wet'],
      output: { task: 'multiLabel' },
      train: samples(400, 1, target),
      test: samples(100, 2, target),
    });
    const run = await createTrainingRun({ ...quick, network: network(2) }, { dataset });
    const result = await run.run();
    await run.close();
    if (result.status !== 'finished') throw new Error('interrupted');
    expect(result.test.labelAccuracy).toBeGreaterThan(0.95);
    // All right is at most as often as each.
    expect(result.test.accuracy).toBeGreaterThan(0.9);
    expect(result.test.accuracy).toBeLessThanOrEqual(result.test.labelAccuracy!);
  });

  it('tells abnormal samples by what cannot be reconstructed, and refuses networks and losses of other tasks', async () => {
    // Normal samples have all features alike; abnormal ones do not.
    const random = new Random(7);
    const bytes = new Uint8Array(600 * FEATURES);
    const labels = Uint16Array.from({ length: 600 }, (_, i) => i % 3);
    labels.forEach((label, i) => {
      const base = 64 + random.nextBelow(128);
      for (let k = 0; k < FEATURES; k++)
        bytes[i * FEATURES + k] = label === 1 ? base + random.nextBelow(5) : 64 + random.nextBelow(128);
    });
    const part = { count: 600, bytes, labels };
    const parts = { name: 'machine', shape: [FEATURES] as const, labels: ['worn', 'good', 'broken'] };
    const dataset = anomalyDataset(makeDataset({ ...parts, train: part, test: part }));
    expect([dataset.train.count, dataset.test.count]).toEqual([200, 1000]);
    expect(new Set(dataset.train.labels)).toEqual(new Set([0]));

    const layer = { weights: { format: '8bit' as const }, norm: 'none' as const, activationQuantizer: 'none' as const };
    const layers = [
      { type: 'linear' as const, name: 'in', outputs: 1, ...layer },
      { type: 'linear' as const, name: 'out', outputs: FEATURES, ...layer },
    ];
    const autoencoder = { name: 'a', input: { shape: [FEATURES] as [number], preprocessing }, layers };
    const run = await createTrainingRun({ ...quick, network: autoencoder, quantile: 0.9 }, { dataset });
    const result = await run.run();
    expect(run.trainedNetwork().spec.output).toEqual({ task: 'anomaly', quantile: 0.9 });
    await run.close();
    if (result.status !== 'finished') throw new Error('interrupted');
    expect(result.test.areaUnderRoc).toBeGreaterThan(0.97);
    expect(result.history.at(-1)!.validation!.accuracy).toBeGreaterThan(0.9);

    const wrong = (config: TrainingConfigInput) => createTrainingRun({ ...quick, ...config }, { dataset });
    await expect(wrong({ network: network(2) })).rejects.toThrow(/4 inputs and 2 outputs.*Give the last layer 4/);
    await expect(wrong({ network: autoencoder, loss: [{ kind: 'crossEntropy' }] })).rejects.toThrow(
      /crossEntropy does not fit anomaly/,
    );
    expect(() => anomalyDataset(makeDataset({ ...parts, train: part, test: part }), 'new')).toThrow(
      /no class "new"; the classes are "worn", "good", "broken"/,
    );
  });
});
