// All terms that a loss can have, and what follows from a list of them.
import { z } from 'zod';
import { binaryCrossEntropy, binaryCrossEntropySchema } from './binary-cross-entropy.js';
import { crossEntropy, crossEntropySchema } from './cross-entropy.js';
import { distillation, distillationSchema } from './distillation.js';
import { huber, huberSchema } from './huber.js';
import type { CountOp, LossDefinition, LossReads } from './loss-definition.js';
import { meanSquaredError, meanSquaredErrorSchema } from './mean-squared-error.js';

export { classWeightsSchema, crossEntropySchema } from './cross-entropy.js';
export { distillationSchema } from './distillation.js';

export const LOSSES = { crossEntropy, distillation, meanSquaredError, huber, binaryCrossEntropy } as const;

/** The schemas of terms that a configuration takes as the engine does; crossEntropy and distillation have more there. */
export const targetLossSchemas = [meanSquaredErrorSchema, huberSchema, binaryCrossEntropySchema] as const;
export const lossTermSchema = z.discriminatedUnion('kind', [
  crossEntropySchema,
  distillationSchema,
  ...targetLossSchemas,
]);
export type LossTerm = z.output<typeof lossTermSchema>;

/** The record of a term's kind. */
export function lossOf(term: Pick<LossTerm, 'kind'>): LossDefinition<LossTerm> {
  return LOSSES[term.kind] as unknown as LossDefinition<LossTerm>;
}

/** What the samples must bring: one class each, or numbers. */
export function lossReads(terms: readonly Pick<LossTerm, 'kind'>[]): ReadonlySet<LossReads> {
  return new Set(terms.map((term) => lossOf(term).reads));
}

export const MIXED_LOSSES =
  'terms that read targets (meanSquaredError, huber, binaryCrossEntropy) cannot stand beside crossEntropy or distillation, which read classes: use one kind';

/** Whether all terms can be computed for the same samples: targets are where a teacher's logits would be. */
export function fitTogether(terms: readonly Pick<LossTerm, 'kind'>[]): boolean {
  const reads = lossReads(terms);
  return !reads.has('targets') || reads.size === 1;
}

const PLAIN: LossTerm = { kind: 'crossEntropy', weight: 1, labelSmoothing: 0 };

/** What an evaluation reports: the first term that stands for itself, plain; else the plain cross-entropy. */
export function evaluatedLoss(terms: readonly LossTerm[]): LossTerm {
  for (const term of terms) {
    const { evaluated } = lossOf(term);
    if (evaluated) return evaluated(term);
  }
  return PLAIN;
}

/** How samples that are right are counted. */
export function countOf(terms: readonly LossTerm[]): CountOp {
  return lossOf(terms[0]!).count;
}
