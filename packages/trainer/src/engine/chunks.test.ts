// What an epoch measures is the same wherever it is cut: chunks are cut by time, and results may not show it.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { stripedDataset } from '../training/testing/striped-dataset.js';
import { createEngine } from './create-engine.js';

const { train } = stripedDataset(4000, 10);
const BATCH = 16;
const spec = parseNetworkSpec({
  name: 'small',
  input: { shape: [36] },
  layers: [
    { type: 'linear', name: 'fc1', outputs: 16, weights: { format: '4bitsym' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '4bitsym' } },
  ],
});

// Sure of every class, more or less: its divergence from the network becomes small, with all digits of a float.
const teacher = Float32Array.from({ length: 2 * train.count }, (_, i) =>
  i % 2 === train.labels[i >> 1] ? 2 + Math.sin(i) : -2 - Math.cos(i * 1.3),
);

describe.each(['native', 'wasm'] as const)('the %s engine', (kind) => {
  it('gives the same losses and layer statistics to the bit for every way to cut an epoch', async () => {
    const engine = await createEngine({ kind });
    const order = Uint32Array.from({ length: train.count }, (_, i) => (i * 7) % train.count);
    const measured = (stepsAtOnce: number): unknown[] => {
      const network = engine.compile(spec, {
        batchSize: BATCH,
        loss: [
          { kind: 'crossEntropy', weight: 0.2, labelSmoothing: 0 },
          { kind: 'distillation', weight: 0.8, temperature: 3 },
        ],
        seed: 3,
      });
      network.load('train', train);
      network.loadTargets('train', teacher);
      const chunks: [number, number][] = [];
      for (let from = 0; from < train.count; from += stepsAtOnce * BATCH) {
        chunks.push([from, Math.min(train.count, from + stepsAtOnce * BATCH)]);
      }
      const rates = (samples: number) => new Float32Array(Math.ceil(samples / BATCH)).fill(0.01);
      const results: unknown[] = [];
      for (let epoch = 0; epoch < 30; epoch++) {
        const sum = (losses: number[]) => losses.reduce((a, b) => a + b, 0);
        results.push(
          sum(
            chunks.map(
              ([from, to]) => network.train('train', { order, from, to, learningRates: rates(to - from) }).loss,
            ),
          ),
        );
        results.push(sum(chunks.map(([from, to]) => network.evaluate('train', from, to).loss)));
        results.push(network.statistics());
      }
      network.dispose();
      return results;
    };
    const whole = measured(1000);
    for (const steps of [3, 10, 30]) expect(measured(steps)).toEqual(whole);
  });
});
