// Runs on rows, signals and small colour images as they are recommended: they train, and augmentation fits the samples.
import { describe, expect, it } from 'vitest';
import { makeDataset } from '../data/dataset.js';
import type { Samples } from '../engine/engine.js';
import { Random } from '../random.js';
import type { TrainingConfigInput } from './config.js';
import { createTrainingRun } from './create-run.js';
import { recommendTraining } from './recommend.js';

type SampleShape = [number] | [number, number, number];

/** Two classes: values around 128, with a deviation of 8 or of 40 steps. */
function loudAndQuiet(shape: SampleShape, count: number) {
  const features = shape.reduce((product, side) => product * side, 1);
  const part = (seed: number): Samples => {
    const random = new Random(seed);
    const bytes = new Uint8Array(count * features);
    const labels = Uint16Array.from({ length: count }, (_, i) => i % 2);
    for (let i = 0; i < bytes.length; i++) {
      const width = labels[Math.floor(i / features)] === 0 ? 14 : 70;
      bytes[i] = 128 + random.nextBetween(-width, width);
    }
    return { count, bytes, labels };
  };
  return makeDataset({ name: 'made', shape, labels: ['quiet', 'loud'], train: part(1), test: part(2) });
}

async function train(dataset: ReturnType<typeof loudAndQuiet>, config: TrainingConfigInput) {
  const run = await createTrainingRun({ ...config, epochs: 6, engine: 'wasm' }, { dataset });
  try {
    const result = await run.run();
    return { result, network: run.trainedNetwork() };
  } finally {
    await run.close();
  }
}

describe('recommended runs', () => {
  it.each<[string, SampleShape]>([
    ['table-m', [24]],
    ['signal-m', [2, 1, 40]],
  ])('%s tells signals by their size alone', async (name, shape) => {
    const dataset = loudAndQuiet(shape, 300);
    const { config } = recommendTraining(dataset);
    expect(config.network).toBe(name);
    const { result, network } = await train(dataset, config);
    expect(network.spec.name).toBe(name);
    expect(result.status === 'finished' && result.test.accuracy).toBeGreaterThan(0.98);
  });

  it('bring colour images to the size of their preset', async () => {
    const dataset = loudAndQuiet([3, 40, 20], 40);
    const { config } = recommendTraining(dataset);
    const { network } = await train(dataset, config);
    expect(network.spec.input.shape).toEqual([3, 12, 6]);
  });
});

describe('augmentation', () => {
  const rows = loudAndQuiet([8], 64);

  it('is refused where samples are of another kind, with what fits', async () => {
    await expect(train(rows, { network: 'table-s', augmentation: 'signal' })).rejects.toThrow(
      /made are 8 values, rows of a table, and the augmentation is for windows of signals. Set augmentation to table or none/,
    );
    await expect(train(rows, { network: 'table-s', augmentation: { rotation: 5 } })).rejects.toThrow(
      /is for images. Set augmentation to table or none/,
    );
    await expect(
      train(loudAndQuiet([1, 16, 16], 20), { network: 'image-s', augmentation: { kind: 'table' } }),
    ).rejects.toThrow(/images, and the augmentation is for rows of a table/);
  });

  it('stands for its defaults by its name', async () => {
    const [byName, written] = [
      await train(rows, { network: 'table-s', augmentation: 'table' }),
      await train(rows, { network: 'table-s', augmentation: { kind: 'table', noise: 0.1, plain: 1, copies: 1 } }),
    ];
    expect(byName.network.parameters).toEqual(written.network.parameters);
    const plain = await train(rows, { network: 'table-s', augmentation: 'none' });
    expect(plain.network.parameters).not.toEqual(byName.network.parameters);
  });
});

describe('too few samples', () => {
  it("are refused of one's own data that are open already, as where the run opens them", async () => {
    const dataset = loudAndQuiet([8], 8);
    const data = { kind: 'csv', train: 'made.csv' } as const;
    const config = { network: 'table-s', data, validation: 0, epochs: 1, engine: 'wasm' } as const;
    await expect(createTrainingRun(config, { dataset })).rejects.toThrow(/8 training samples.*at least 10/);
  });
});
