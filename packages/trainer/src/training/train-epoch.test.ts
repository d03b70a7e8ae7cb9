import { getFormat, inverseScalesFromClips, quantizeWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { createTrainingRun } from './create-run.js';
import { stripedDataset } from './testing/striped-dataset.js';
import { dampingIn } from './train-epoch.js';

describe('dampingIn', () => {
  it('rises from 0 as the cosine schedule falls, half way in the middle', () => {
    expect(dampingIn(0, 60, 0.3)).toBe(0);
    expect(dampingIn(30, 60, 0.3)).toBeCloseTo(0.15, 12);
    expect(dampingIn(59, 60, 0.3)).toBeGreaterThan(0.299);
    expect(dampingIn(40, 60, 0)).toBe(0);
  });
});

/** Mean distance of the trained weights from the values of their codes. */
async function distanceFromCodes(damping: number): Promise<number> {
  const run = await createTrainingRun(
    {
      network: {
        name: 'linear',
        input: { shape: [36] },
        layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
      },
      ...{ epochs: 8, batchSize: 4, learningRate: 0.01, validation: 50, augmentation: 'none', seed: 5 },
      optimizer: { kind: 'adam', damping },
    },
    { dataset: stripedDataset() },
  );
  await run.run();
  const { parameters } = run.trainedNetwork();
  await run.close();
  const weights = parameters['fc.weight']!;
  const inverseScales = inverseScalesFromClips(getFormat('4bitsym'), parameters['fc.clip']!);
  const { dequantized } = quantizeWeights('4bitsym', weights, { outputs: 2, inverseScales });
  return weights.reduce((sum, w, i) => sum + Math.abs(w - dequantized[i]!), 0) / weights.length;
}

describe('a run with damping', () => {
  it('leaves weights near the values of their codes', async () => {
    const [free, damped] = [await distanceFromCodes(0), await distanceFromCodes(90)];
    expect(damped).toBeLessThan(0.5 * free);
  });
});
