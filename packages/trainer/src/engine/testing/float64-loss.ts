// The losses in doubles, by their formulas: what the engine's are checked against.
import type { LossTerm } from '../compile-options.js';
import { logitTerms } from '../losses/schemas.js';
import type { Values } from './float64-network.js';

/** Mean loss of a batch, from logits and the formulas of the loss terms on them. */
export function meanLoss(
  terms: readonly LossTerm[],
  logits: readonly Values[],
  labels: ArrayLike<number>,
  teacher: readonly Values[] = [],
): number {
  let loss = 0;
  logits.forEach((z, i) => {
    for (const term of logitTerms(terms)) {
      if (term.kind === 'crossEntropy') {
        const logP = logSoftmax(z, 1);
        const off = term.labelSmoothing / z.length;
        const weight = term.weight * (term.classWeights?.[labels[i]!] ?? 1);
        logP.forEach((value, k) => {
          loss -= weight * value * (off + (k === labels[i] ? 1 - term.labelSmoothing : 0));
        });
      } else if (term.kind === 'meanSquaredError') {
        z.forEach((value, k) => {
          loss += (term.weight * (value - teacher[i]![k]!) ** 2) / z.length;
        });
      } else if (term.kind === 'huber') {
        z.forEach((value, k) => {
          const error = Math.abs(value - teacher[i]![k]!);
          const inside = Math.min(error, term.delta);
          loss += (term.weight * (inside ** 2 / 2 + term.delta * (error - inside))) / z.length;
        });
      } else if (term.kind === 'binaryCrossEntropy') {
        z.forEach((value, k) => {
          const [probability, target] = [1 / (1 + Math.exp(-value)), teacher[i]![k]!];
          loss -=
            (term.weight * (target * Math.log(probability) + (1 - target) * Math.log(1 - probability))) / z.length;
        });
      } else {
        const [q, p] = [logSoftmax(z, term.temperature), logSoftmax(teacher[i]!, term.temperature)];
        p.forEach((value, k) => {
          loss += term.weight * term.temperature ** 2 * Math.exp(value) * (value - q[k]!);
        });
      }
    }
  });
  return loss / logits.length;
}

function logSoftmax(z: Values, temperature: number): Values {
  const scaled = z.map((value) => value / temperature);
  const largest = Math.max(...scaled);
  const logSum = Math.log(scaled.reduce((sum, value) => sum + Math.exp(value - largest), 0)) + largest;
  return scaled.map((value) => value - logSum);
}
