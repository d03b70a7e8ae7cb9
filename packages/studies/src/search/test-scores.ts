// The test part, touched once: what the chosen networks make of it.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { Dataset } from '@bitnetmcu/trainer';
import { judgeIntegers } from '../run/integer-score.js';
import { RunResources } from '../run/run-resources.js';

/** Accuracy of each integer network, or what its task is judged by. */
export async function testScores(models: readonly QuantizedModel[], dataset: Dataset): Promise<number[]> {
  const resources = new RunResources();
  const kernels = await resources.kernels('auto');
  const scores: number[] = [];
  for (const model of models) {
    const samples = resources.quantized(model, dataset, { part: 'test', kernels });
    scores.push((await judgeIntegers(model, samples, resources.backend)).score.accuracy);
  }
  return scores;
}
