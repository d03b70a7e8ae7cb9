import { describe, expect, it } from 'vitest';
import type { Samples, TrainableNetwork } from '../../engine/engine.js';
import { evaluate } from '../evaluate.js';
import { softmaxEngine } from '../testing/softmax-regression.js';
import { stripedDataset } from '../testing/striped-dataset.js';
import { teach } from './teach.js';

const OUTPUTS = 2;
const { train: samples } = stripedDataset();
const spec = {
  name: 'linear',
  input: { shape: [36] },
  layers: [{ type: 'linear', name: 'fc1', outputs: 2 }],
} as unknown as TrainableNetwork['spec'];

/** A network whose weights are those of no training, told apart by `step`. */
function teacher(step: number): TrainableNetwork {
  const network = softmaxEngine().compile(spec, { batchSize: 4 });
  network.parameters['fc1.weight']!.forEach((_, i, weights) => {
    weights[i] = Math.sin(step * (i + 1));
  });
  return network;
}

async function targetsOf(teachers: TrainableNetwork[], of: Samples): Promise<Float32Array> {
  let targets = new Float32Array();
  const network = {
    loadTargets: (_: string, logits: Float32Array) => {
      targets = logits.slice();
    },
  } as unknown as TrainableNetwork;
  await teach(teachers, OUTPUTS).samplesLoaded?.({ network, epoch: 0, epochs: 1 }, 'train', of);
  return targets;
}

describe('teach', () => {
  it('gives the mean of the logits of several teachers', async () => {
    const alone = await Promise.all(
      [1, 2, 3].map(async (step) => {
        const logits = new Float32Array(samples.count * OUTPUTS);
        const network = teacher(step);
        network.load('train', samples);
        await evaluate(network, 'train', samples.count, logits);
        return logits;
      }),
    );
    const together = await targetsOf([teacher(1), teacher(2), teacher(3)], samples);
    expect(await targetsOf([teacher(1)], samples)).toEqual(alone[0]);
    expect(together).toHaveLength(samples.count * OUTPUTS);
    together.forEach((logit, i) => {
      expect(logit).toBeCloseTo((alone[0]![i]! + alone[1]![i]! + alone[2]![i]!) / 3, 4);
    });
  });
});
