// Mean over the outputs of Huber's loss (1964): squared near the target, linear beyond delta, so that outliers pull less.
import type { LossDefinition } from './loss-definition.js';
import type { LossTermOf } from './schemas.js';

export const huber: LossDefinition<LossTermOf<'huber'>> = {
  count: 'countExplained',
  evaluated: ({ kind, delta }) => ({ kind, delta, weight: 1 }),
  operation({ weight, delta }, { labels: _, ...place }) {
    return { name: 'huber', operands: { ...place, weight, delta } };
  },
  sample({ delta }, { logits, targets }) {
    const errors = logits.map((z, k) => z - targets![k]!);
    let loss = 0;
    for (const error of errors) {
      const size = Math.abs(error);
      loss += size <= delta ? (size * size) / 2 : delta * (size - delta / 2);
    }
    const gradient = errors.map((error) => Math.max(-delta, Math.min(delta, error)) / errors.length);
    return { loss: loss / errors.length, gradient };
  },
};
