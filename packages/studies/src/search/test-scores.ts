// The test part, touched once: what the chosen networks make of it.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { Dataset } from '@bitnetmcu/trainer';
import { judgeIntegers } from '../run/integer-score.js';
import { RunResources } from '../run/run-resources.js';

export class TestScores {
  readonly #resources = new RunResources();

  constructor(private readonly dataset: Dataset) {}

  /** Accuracy of an integer network, or what its task is judged by. */
  async of(model: QuantizedModel): Promise<number> {
    const kernels = await this.#resources.kernels('auto');
    const samples = this.#resources.quantized(model, this.dataset, { part: 'test', kernels });
    return (await judgeIntegers(model, samples, this.#resources.backend)).score.accuracy;
  }
}
