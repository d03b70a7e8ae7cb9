// Mean over the outputs of the cross-entropy of each one's sigmoid with its own target, 0 or 1.
import type { LossDefinition } from './loss-definition.js';
import type { LossTermOf } from './schemas.js';

export const binaryCrossEntropy: LossDefinition<LossTermOf<'binaryCrossEntropy'>> = {
  count: 'countExact',
  evaluated: ({ kind }) => ({ kind, weight: 1 }),
  operation({ weight }, { labels: _, ...place }) {
    return { name: 'binaryCrossEntropy', operands: { ...place, weight } };
  },
  sample(_, { logits, targets }) {
    let loss = 0;
    // −t·log σ(z) − (1 − t)·log(1 − σ(z)) without overflow.
    logits.forEach((z, k) => {
      loss += Math.max(z, 0) - z * targets![k]! + Math.log1p(Math.exp(-Math.abs(z)));
    });
    const gradient = logits.map((z, k) => (1 / (1 + Math.exp(-z)) - targets![k]!) / logits.length);
    return { loss: loss / logits.length, gradient };
  },
};
