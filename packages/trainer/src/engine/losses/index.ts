// All terms that a loss can have, and what follows from a list of them.
import { unknownValue } from '../../arguments.js';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { crossEntropy } from './cross-entropy.js';
import { distillation } from './distillation.js';
import { huber } from './huber.js';
import type { CountOp, LossDefinition } from './loss-definition.js';
import { meanSquaredError } from './mean-squared-error.js';
import type { LossTerm, LossTermOf } from './schemas.js';

const LOSSES: { readonly [K in LossTerm['kind']]: LossDefinition<LossTermOf<K>> } = {
  crossEntropy,
  distillation,
  meanSquaredError,
  huber,
  binaryCrossEntropy,
};

/** The record of a term's kind. */
export function lossOf(term: Pick<LossTerm, 'kind'>): LossDefinition<LossTerm> {
  if (!Object.hasOwn(LOSSES, term.kind)) throw unknownValue('term of a loss', term as never);
  return LOSSES[term.kind] as unknown as LossDefinition<LossTerm>;
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
