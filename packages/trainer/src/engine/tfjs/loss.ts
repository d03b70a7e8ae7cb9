// Loss terms on the host, in doubles: the sum over the samples, and the gradient of the batch mean with respect to the logits.
import { argmax } from '@bitnetmcu/models/internal';
import type { StepTotals } from '../engine.js';
import { countOf, lossOf } from '../losses/index.js';
import type { CountOp, LossSample } from '../losses/loss-definition.js';
import { type LossTerm, logitTerms } from '../losses/schemas.js';
import type { Batch } from './batch.js';
import type { TfjsRuntime } from './runtime.js';
import type { Tensor, Tensor2D } from './tensors.js';

export interface LossInputs {
  /** batch·classes. */
  readonly logits: ArrayLike<number>;
  readonly classes: number;
  /** One class number a sample. */
  readonly labels: ArrayLike<number>;
  /** batch·classes targets or teacher logits, where a term reads them. */
  readonly targets: ArrayLike<number> | undefined;
}

export interface LossResult {
  /** Sum over the samples. */
  readonly loss: number;
  readonly correct: number;
  readonly gradient: Float32Array;
}

export function computeLoss(terms: readonly LossTerm[], { logits, classes, labels, targets }: LossInputs): LossResult {
  const gradient = new Float64Array(logits.length);
  const result = { loss: 0, correct: 0 };
  const batch = labels.length;
  const read = logitTerms(terms);
  const count = COUNTS[countOf(terms)];
  for (let row = 0; row < batch; row++) {
    const offset = row * classes;
    const rowOf = (values: ArrayLike<number>) => Float64Array.from({ length: classes }, (_, k) => values[offset + k]!);
    const sample = { logits: rowOf(logits), label: labels[row]!, targets: targets && rowOf(targets) };
    result.correct += count(sample);
    for (const term of read) {
      const { loss, gradient: part } = lossOf(term).sample(term, sample);
      result.loss += term.weight * loss;
      for (let k = 0; k < classes; k++) gradient[offset + k]! += (term.weight / batch) * part[k]!;
    }
  }
  return { loss: summand(result.loss), correct: summand(result.correct), gradient: Float32Array.from(gradient) };
}

/** As the operations of native/kernels/loss.h. */
const COUNTS: Readonly<Record<CountOp, (sample: LossSample) => number>> = {
  countCorrect: ({ logits, label }) => Number(argmax(logits) === label),
  countExplained: ({ logits, targets }) =>
    1 - logits.reduce((sum, z, k) => sum + (z - targets![k]!) ** 2, 0) / logits.length,
  countExact: ({ logits, targets }) => Number(logits.every((z, k) => z > 0 === targets![k]! > 0.5)),
};

/** To a multiple of 2^-27, as in native/kernels/loss.h: sums do not depend on where an epoch is cut into chunks then. */
function summand(loss: number): number {
  const binade = 1.5 * 2 ** 25;
  return loss + binade - binade;
}

/** The mean loss as a tensor whose gradient is computed on the host, where labels and teacher are; adds the batch to the totals. */
export function lossOnHost(
  { tf }: TfjsRuntime,
  terms: readonly LossTerm[],
  logits: Tensor2D,
  { size, labels, targets }: Batch,
  totals: StepTotals,
): Tensor {
  const [, classes] = logits.shape;
  const loss = tf.customGrad((...parts) => {
    const z = parts[0] as Tensor2D;
    const result = computeLoss(terms, { logits: z.dataSync(), classes, labels, targets });
    totals.loss += result.loss;
    totals.correct += result.correct;
    return {
      value: tf.scalar(result.loss / size),
      gradFunc: () => [tf.tensor2d(result.gradient, [size, classes])],
    };
  });
  return loss(logits);
}
