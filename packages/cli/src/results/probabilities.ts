// Probabilities from integer logits: their softmax after a division by a number that is fitted on labelled samples and kept with the model
// (temperature scaling; Guo et al. 2017, "On Calibration of Modern Neural Networks").
import type { QuantizedModel } from '@bitnetmcu/models';

/** What logits are divided by before the softmax, and what it was fitted on. */
export interface ProbabilityScale {
  readonly divisor: number;
  readonly samples: number;
  readonly part: string;
}

/** One logit stands for class 1, against 0 for class 0. */
function classLogits(logits: ArrayLike<number>): readonly number[] {
  return logits.length === 1 ? [0, logits[0]!] : Array.from(logits);
}

/** Softmax of one sample's logits divided by `divisor`; of a single logit the probabilities of both classes. */
export function probabilities(logits: ArrayLike<number>, divisor: number): number[] {
  const scaled = classLogits(logits).map((logit) => logit / divisor);
  const largest = Math.max(...scaled);
  const powers = scaled.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}

const LEAST = 1;
const MOST = 2 ** 31;
const STEPS = 60;

/**
 * The divisor with the least cross entropy. As many samples say the truth as there are and one that says nothing: where all are right,
 * probabilities stay below 1.
 * @param logits `outputs` of each sample; @param classes class number of each
 */
export function fitDivisor(logits: Int32Array, outputs: number, classes: ArrayLike<number>): number {
  const doubt = 1 / (classes.length + 1);
  const loss = (logarithm: number): number => {
    const divisor = Math.exp(logarithm);
    let sum = 0;
    for (let i = 0; i < classes.length; i++) {
      const found = probabilities(logits.subarray(i * outputs, (i + 1) * outputs), divisor);
      const logs = found.map((p) => Math.log(Math.max(p, 1e-300)));
      sum -= (1 - doubt) * logs[classes[i]!]! + doubt * (logs.reduce((a, b) => a + b, 0) / logs.length);
    }
    return sum;
  };
  // Golden-section search: the loss has one minimum in 1/divisor, so it has one in its logarithm.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(LEAST), Math.log(MOST)];
  for (let i = 0; i < STEPS; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (loss(a) <= loss(b)) high = b;
    else low = a;
  }
  return Number(Math.exp((low + high) / 2).toPrecision(4));
}

/** The model with the scale in its provenance. */
export function withProbabilityScale(model: QuantizedModel, scale: ProbabilityScale): QuantizedModel {
  return { ...model, provenance: { ...model.provenance, probabilityScale: scale } };
}
