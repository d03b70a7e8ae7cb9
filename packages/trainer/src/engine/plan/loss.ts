// Loss terms on the logits in the plan: each adds its part to the gradient of the logits. Evaluation reports the plain loss.
import { countOf, evaluatedLoss, lossOf } from '../losses/index.js';
import type { LossPlace } from '../losses/loss-definition.js';
import { type LogitTerm, type LossTerm, logitTerms } from '../losses/schemas.js';
import type { Phase, PlanBuilder } from './plan-builder.js';
import type { Tensor } from './tensor.js';

export function planLoss(plan: PlanBuilder, terms: readonly LossTerm[], logits: Tensor, labels: number): void {
  const place = { logits: logits.offset, stride: logits.stride, classes: logits.features };
  const count = countOf(terms);
  if (count === 'countCorrect') plan.emit('forward', count, { ...place, labels });
  else plan.emit('forward', count, place);
  emitTerm(plan, evaluatedLoss(terms), { ...place, labels, gradient: 0, accumulate: 0 }, 'evaluate');
  plan.emit('forward', 'storeLogits', place, { phase: 'evaluate' });
  for (const [i, term] of logitTerms(terms).entries()) {
    plan.addGradient(logits, () => {});
    const gradient = plan.gradientOf(logits);
    emitTerm(plan, term, { ...place, labels, gradient, accumulate: Number(i > 0) }, 'train');
  }
}

function emitTerm(plan: PlanBuilder, term: LogitTerm, place: LossPlace, phase: Phase): void {
  const { name, operands } = lossOf(term).operation(term, place, plan);
  plan.emit('forward', name, operands, { phase });
}
