// Cross-entropy of the softmax with one class a sample; classes may weigh differently.
import { TrainerError } from '../../errors.js';
import { type LossDefinition, logSoftmax } from './loss-definition.js';
import type { LossTermOf } from './schemas.js';

export const crossEntropy: LossDefinition<LossTermOf<'crossEntropy'>> = {
  count: 'countCorrect',
  evaluated: ({ kind }) => ({ kind, weight: 1, labelSmoothing: 0 }),
  operation({ weight, labelSmoothing: smoothing, classWeights }, place, plan) {
    if (classWeights && classWeights.length !== place.classes) {
      throw new TrainerError(
        'invalid-argument',
        `${classWeights.length} class weights found for ${place.classes} classes: give one a class.`,
      );
    }
    const weights = classWeights ? plan.arena.allocate(classWeights.length, classWeights) : 0;
    return { name: 'softmaxCrossEntropy', operands: { ...place, weight, smoothing, classWeights: weights } };
  },
  sample({ labelSmoothing, classWeights }, { logits, label }) {
    const factor = classWeights?.[label] ?? 1;
    const logP = logSoftmax(logits, 1);
    const target = (k: number) => labelSmoothing / logits.length + (k === label ? 1 - labelSmoothing : 0);
    let loss = 0;
    logP.forEach((value, k) => {
      if (target(k) > 0) loss -= factor * target(k) * value;
    });
    return { loss, gradient: logP.map((value, k) => factor * (Math.exp(value) - target(k))) };
  },
};
