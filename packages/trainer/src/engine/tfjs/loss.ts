// Loss terms on the host, in doubles: the sum over the samples, and the gradient of the batch mean with respect to the logits.
import { argmax } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../arguments.js';
import type { LossTerm } from '../compile-options.js';

export interface LossInputs {
  /** batch·classes. */
  readonly logits: ArrayLike<number>;
  readonly classes: number;
  /** One class number a sample. */
  readonly labels: ArrayLike<number>;
  /** batch·classes teacher logits; needed by distillation. */
  readonly targets: ArrayLike<number> | undefined;
}

export interface LossResult {
  /** Sum over the samples, in nats. */
  readonly loss: number;
  readonly correct: number;
  readonly gradient: Float32Array;
}

export function computeLoss(terms: readonly LossTerm[], { logits, classes, labels, targets }: LossInputs): LossResult {
  const gradient = new Float64Array(logits.length);
  const result = { loss: 0, correct: 0 };
  const batch = labels.length;
  for (let row = 0; row < batch; row++) {
    const offset = row * classes;
    const label = labels[row]!;
    const z = Float64Array.from({ length: classes }, (_, k) => logits[offset + k]!);
    result.correct += Number(argmax(z) === label);
    for (const term of terms) {
      switch (term.kind) {
        case 'crossEntropy': {
          const logP = logSoftmax(z, 1);
          const off = term.labelSmoothing / classes;
          for (let k = 0; k < classes; k++) {
            const target = off + (k === label ? 1 - term.labelSmoothing : 0);
            if (target > 0) result.loss -= term.weight * target * logP[k]!;
            gradient[offset + k]! += (term.weight / batch) * (Math.exp(logP[k]!) - target);
          }
          break;
        }
        case 'distillation': {
          // weight·T²·KL(teacher ‖ student) at temperature T (Hinton et al. 2015, arXiv:1503.02531).
          const { temperature, weight } = term;
          const teacher = Float64Array.from({ length: classes }, (_, k) => targets![offset + k]!);
          const [logP, logQ] = [logSoftmax(teacher, temperature), logSoftmax(z, temperature)];
          for (let k = 0; k < classes; k++) {
            const p = Math.exp(logP[k]!);
            result.loss += weight * temperature ** 2 * p * (logP[k]! - logQ[k]!);
            gradient[offset + k]! += ((weight * temperature) / batch) * (Math.exp(logQ[k]!) - p);
          }
          break;
        }
        default:
          throw unknownValue('term of a loss', term);
      }
    }
  }
  return { ...result, loss: summand(result.loss), gradient: Float32Array.from(gradient) };
}

/** To a multiple of 2^-27, as in native/kernels/loss.h: sums do not depend on where an epoch is cut into chunks then. */
function summand(loss: number): number {
  const binade = 1.5 * 2 ** 25;
  return loss + binade - binade;
}

function logSoftmax(z: Float64Array, temperature: number): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of z) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of z) sum += Math.exp((value - largest) / temperature);
  const logSum = Math.log(sum);
  return z.map((value) => (value - largest) / temperature - logSum);
}
