// Distillation: temperature²·KL(teacher ‖ student) at a temperature (Hinton et al. 2015, arXiv:1503.02531).
import { type LossDefinition, logSoftmax } from './loss-definition.js';
import type { LossTermOf } from './schemas.js';

export const distillation: LossDefinition<LossTermOf<'distillation'>> = {
  count: 'countCorrect',
  operation({ weight, temperature }, { labels: _, ...place }) {
    return { name: 'distillation', operands: { ...place, weight, temperature } };
  },
  sample({ temperature }, { logits, targets }) {
    const [logP, logQ] = [logSoftmax(targets!, temperature), logSoftmax(logits, temperature)];
    let loss = 0;
    logP.forEach((value, k) => {
      loss += temperature ** 2 * Math.exp(value) * (value - logQ[k]!);
    });
    return { loss, gradient: logQ.map((value, k) => temperature * (Math.exp(value) - Math.exp(logP[k]!))) };
  },
};
