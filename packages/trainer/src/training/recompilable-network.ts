// A network of a run that can become another one of the same weights while the run goes on.
import type { NetworkSpec } from '@bitnetmcu/models';
import type { LayerStatistics, Samples, StepTotals, TrainableNetwork, TrainingSteps } from '../engine/engine.js';
import { startFrom } from './initial-network.js';

export class RecompilableNetwork implements TrainableNetwork {
  readonly #compile: (spec: NetworkSpec) => TrainableNetwork;
  #network: TrainableNetwork;
  #fakeQuantization = true;

  constructor(compile: (spec: NetworkSpec) => TrainableNetwork, spec: NetworkSpec) {
    this.#compile = compile;
    this.#network = compile(spec);
  }

  /**
   * The same layers with other formats or functions. Weights stay, and so does what the optimizer remembers of them; clipping scalars of formats that are
   * others are found anew. No samples are loaded then, and views of before are of a network that is gone.
   * @throws TrainerError `unsupported-layer`, `initial-mismatch`: then nothing has changed
   */
  recompile(spec: NetworkSpec): void {
    const before = this.#network;
    const next = this.#compile(spec);
    try {
      startFrom(next, { spec: before.spec, parameters: before.parameters, labels: [], provenance: {} });
    } catch (error) {
      next.dispose();
      throw error;
    }
    for (const [key, values] of Object.entries(next.state)) {
      const kept = before.state[key];
      if (kept?.length === values.length) values.set(kept);
    }
    next.setFakeQuantization(this.#fakeQuantization);
    this.#network = next;
    before.dispose();
  }

  get spec(): NetworkSpec {
    return this.#network.spec;
  }

  get batchSize(): number {
    return this.#network.batchSize;
  }

  get parameters(): TrainableNetwork['parameters'] {
    return this.#network.parameters;
  }

  get state(): TrainableNetwork['state'] {
    return this.#network.state;
  }

  load(name: string, samples: Samples): void {
    this.#network.load(name, samples);
  }

  loadTargets(name: string, logits: Float32Array): void {
    this.#network.loadTargets(name, logits);
  }

  train(name: string, steps: TrainingSteps): StepTotals {
    return this.#network.train(name, steps);
  }

  evaluate(name: string, from: number, to: number, logits?: Float32Array): StepTotals {
    return this.#network.evaluate(name, from, to, logits);
  }

  updateClipping(epoch: number): void {
    this.#network.updateClipping(epoch);
  }

  setFakeQuantization(enabled: boolean): void {
    this.#fakeQuantization = enabled;
    this.#network.setFakeQuantization(enabled);
  }

  statistics(): LayerStatistics[] {
    return this.#network.statistics();
  }

  dispose(): void {
    this.#network.dispose();
  }
}
