// Runs that share what they prepared: the same weights as runs that do not, and nothing is made twice.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../engine/create-engine.js';
import { loadKernels } from '../engine/load-kernels.js';
import { createTrainingRun } from './create-run.js';
import { SharedSamples } from './shared-samples.js';
import { stripedDataset } from './testing/striped-dataset.js';

const dataset = stripedDataset();
const network = parseNetworkSpec({
  name: 'tiny',
  input: { shape: [16] },
  layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
});

describe('SharedSamples', () => {
  it.each([undefined, 'none'] as const)(
    'gives the same weights and scores, with augmentation %s',
    async (augmentation) => {
      const engine = await createEngine({ threads: 1 });
      const shared = new SharedSamples();
      for (const seed of [1, 2]) {
        const results = [];
        for (const options of [{}, { shared }]) {
          const config = { network, data: { kind: 'mnist' }, epochs: 3, batchSize: 16, seed, augmentation } as const;
          const run = await createTrainingRun(config, { dataset, engine, ...options });
          const { history } = await run.run();
          const scores = history.map(({ train, validation }) => ({ train, validation }));
          results.push({ parameters: run.trainedNetwork().parameters, scores });
          await run.close();
        }
        expect(results[0]!.scores).toHaveLength(3);
        expect(results[1]).toEqual(results[0]);
      }
    },
  );

  // 255 samples of 16 bytes an epoch, and one call for each of three epochs.
  it.each([
    [0, 6],
    [5000, 5],
    [1e6, 3],
  ])('keeps %d bytes of copies: %d calls for two runs', async (bytes, calls) => {
    const [engine, kernels] = [await createEngine({ threads: 1 }), await loadKernels()];
    let rendered = 0;
    const counting = {
      ...kernels,
      resizeBatch: (request: Parameters<typeof kernels.resizeBatch>[0]) => kernels.resizeBatch(request),
      augmentBatch: (request: Parameters<typeof kernels.augmentBatch>[0]) => {
        rendered++;
        kernels.augmentBatch(request);
      },
    };
    const shared = new SharedSamples(bytes);
    const train = async (seed: number, learningRate: number) => {
      const config = { network, data: { kind: 'mnist' }, epochs: 3, batchSize: 16, seed, learningRate } as const;
      const run = await createTrainingRun(config, { dataset, engine, kernels: counting, shared });
      await run.run();
      const { parameters } = run.trainedNetwork();
      await run.close();
      return parameters;
    };
    const first = await train(1, 1e-3);
    expect(await train(1, 1e-3)).toEqual(first);
    expect(rendered).toBe(calls);
    const other = await train(2, 1e-3);
    expect(other).not.toEqual(first);
    expect(await train(1, 1e-3)).toEqual(first);
  });

  it('fits the samples of a shape once, and forgets the shape that was asked for longest ago', async () => {
    const kernels = await loadKernels();
    let resized = 0;
    const counting = {
      ...kernels,
      resizeBatch: (request: Parameters<typeof kernels.resizeBatch>[0]) => {
        resized++;
        kernels.resizeBatch(request);
      },
    };
    const shared = new SharedSamples();
    const fitted = (side: number) =>
      shared.fitted(dataset.test, { kind: 'resize', from: [6, 6], to: [side, side], channels: 1 }, counting);
    expect(fitted(4)).toBe(fitted(4));
    expect(resized).toBe(1);
    for (const side of [3, 5, 7, 3]) fitted(side);
    expect(resized).toBe(4);
    fitted(4);
    expect(resized).toBe(5);
  });
});
