import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../engine/create-engine.js';
import { copies } from '../restore.js';
import { stripedDataset } from '../testing/striped-dataset.js';
import { settleStatistics } from './settle-statistics.js';

const { train } = stripedDataset();
const FEATURES = 36;

const spec = (norm: 'batch' | 'none') =>
  parseNetworkSpec({
    name: 'normed',
    input: { shape: [FEATURES], preprocessing: { divisor: 255, mean: 0, deviation: 1 } },
    layers: [{ type: 'linear', name: 'fc1', outputs: 2, norm, weights: { format: '8bit' } }],
  });

async function settled(norm: 'batch' | 'none') {
  const network = (await createEngine({ kind: 'wasm' })).compile(spec(norm), { batchSize: 100 });
  network.load('train', train);
  const order = Uint32Array.from({ length: 300 }, (_, i) => i);
  network.train('train', { order, learningRates: new Float32Array(3).fill(0.1) });
  const before = { parameters: copies(network.parameters), state: copies(network.state) };
  await settleStatistics(network, { name: 'train', count: train.count });
  return { network, before };
}

describe('settleStatistics', () => {
  it('gives the means and variances of the samples, worked in doubles, and changes nothing else', async () => {
    const { network, before } = await settled('batch');
    const column = (i: number) => Array.from({ length: train.count }, (_, n) => train.bytes[n * FEATURES + i]! / 255);
    for (let i = 0; i < FEATURES; i++) {
      const values = column(i);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      expect(network.parameters['fc1.norm.mean']![i]! / mean).toBeCloseTo(1, 1);
      expect(network.parameters['fc1.norm.variance']![i]! / variance).toBeCloseTo(1, 1);
      // What three steps had moved of the way from 0.
      expect(before.parameters['fc1.norm.mean']![i]! / mean).toBeLessThan(0.3);
    }
    expect(copies(network.state)).toEqual(before.state);
    for (const key of ['fc1.weight', 'fc1.clip', 'fc1.norm.gain', 'fc1.norm.shift']) {
      expect(network.parameters[key], key).toEqual(before.parameters[key]);
    }
  });

  it('leaves a network without batch norms alone', async () => {
    const { network, before } = await settled('none');
    expect(copies(network.parameters)).toEqual(before.parameters);
    expect(copies(network.state)).toEqual(before.state);
  });
});
