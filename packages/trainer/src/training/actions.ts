// What happens around the steps of an epoch, as values that compose: the loop knows none of them.
import type { Samples, TrainableNetwork } from '../engine/engine.js';
import { evaluate } from './evaluate.js';
import type { EpochMetrics } from './metrics.js';

export interface EpochContext {
  readonly network: TrainableNetwork;
  /** 0-based. */
  readonly epoch: number;
  readonly epochs: number;
}

/** Called in the order of the list; a rejected promise ends the run with its error. */
export interface EpochAction {
  /** After the epoch's samples were made resident under `name`; again when an epoch is resumed in its middle. */
  samplesLoaded?(context: EpochContext, name: string, samples: Samples): void | Promise<void>;
  /** Before the first step of an epoch; not when it is resumed in its middle: what it changes must be in parameters or state. */
  epochStarted?(context: EpochContext): void | Promise<void>;
  /** After the last step and validation. */
  epochEnded?(context: EpochContext, metrics: EpochMetrics): void | Promise<void>;
  /** When the run is closed. */
  close?(): void | Promise<void>;
}

/** Clipping scalars follow the weights as each layer's policy says. */
export function updateClipping(): EpochAction {
  return { epochStarted: ({ network, epoch }) => network.updateClipping(epoch) };
}

/** Gives the distillation terms the teacher's logits for every sample of the epoch, augmented ones included (Hinton et al. 2015, arXiv:1503.02531). */
export function teach(teacher: TrainableNetwork, outputs: number): EpochAction {
  let logits = new Float32Array();
  return {
    async samplesLoaded({ network }, name, samples) {
      if (logits.length !== samples.count * outputs) logits = new Float32Array(samples.count * outputs);
      teacher.load(name, samples);
      await evaluate(teacher, name, samples.count, logits);
      network.loadTargets(name, logits);
    },
    close: () => teacher.dispose(),
  };
}
