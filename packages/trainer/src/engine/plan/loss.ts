// Loss terms in the plan: each adds its part to the gradient of the logits. Evaluation reports the plain cross-entropy.
import { unknownValue } from '../../arguments.js';
import type { LossTerm } from '../compile-options.js';
import type { PlanBuilder } from './plan-builder.js';
import type { Tensor } from './tensor.js';

export function planLoss(plan: PlanBuilder, terms: readonly LossTerm[], logits: Tensor, labels: number): void {
  const place = { logits: logits.offset, stride: logits.stride, classes: logits.features };
  plan.emit('forward', 'countCorrect', { ...place, labels });
  plan.emit(
    'forward',
    'softmaxCrossEntropy',
    { ...place, labels, weight: 1, smoothing: 0, gradient: 0, accumulate: 0 },
    { phase: 'evaluate' },
  );
  plan.emit('forward', 'storeLogits', place, { phase: 'evaluate' });
  for (const [i, term] of terms.entries()) {
    plan.addGradient(logits, () => {});
    const gradient = plan.gradientOf(logits);
    const accumulate = Number(i > 0);
    switch (term.kind) {
      case 'crossEntropy':
        plan.emit(
          'forward',
          'softmaxCrossEntropy',
          { ...place, labels, weight: term.weight, smoothing: term.labelSmoothing, gradient, accumulate },
          { phase: 'train' },
        );
        break;
      case 'distillation':
        plan.emit(
          'forward',
          'distillation',
          { ...place, weight: term.weight, temperature: term.temperature, gradient, accumulate },
          { phase: 'train' },
        );
        break;
      default:
        throw unknownValue('term of a loss', term);
    }
  }
}
