// All terms on the logits that a loss can have, and what follows from a list of terms. Those on the weights are in plan/weight-terms.ts.
import { unknownValue } from '../../arguments.js';
import { binaryCrossEntropy } from './binary-cross-entropy.js';
import { crossEntropy } from './cross-entropy.js';
import { distillation } from './distillation.js';
import { huber } from './huber.js';
import type { CountOp, LossDefinition } from './loss-definition.js';
import { meanSquaredError } from './mean-squared-error.js';
import { type LogitTerm, type LossTerm, type LossTermOf, logitTerms } from './schemas.js';

const LOSSES: { readonly [K in LogitTerm['kind']]: LossDefinition<LossTermOf<K>> } = {
  crossEntropy,
  distillation,
  meanSquaredError,
  huber,
  binaryCrossEntropy,
};

/** The record of a term's kind. */
export function lossOf(term: Pick<LogitTerm, 'kind'>): LossDefinition<LogitTerm> {
  if (!Object.hasOwn(LOSSES, term.kind)) throw unknownValue('term of a loss', term as never);
  return LOSSES[term.kind] as unknown as LossDefinition<LogitTerm>;
}

const PLAIN: LogitTerm = { kind: 'crossEntropy', weight: 1, labelSmoothing: 0 };

/** What an evaluation reports: the first term that stands for itself, plain; else the plain cross-entropy. */
export function evaluatedLoss(terms: readonly LossTerm[]): LogitTerm {
  for (const term of logitTerms(terms)) {
    const { evaluated } = lossOf(term);
    if (evaluated) return evaluated(term);
  }
  return PLAIN;
}

/** How samples that are right are counted. */
export function countOf(terms: readonly LossTerm[]): CountOp {
  return lossOf(logitTerms(terms)[0]!).count;
}
