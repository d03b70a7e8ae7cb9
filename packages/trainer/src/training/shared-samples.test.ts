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
