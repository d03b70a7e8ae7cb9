// Mean over the outputs of (logit − target)².
import type { LossDefinition } from './loss-definition.js';
import type { LossTermOf } from './schemas.js';

export const meanSquaredError: LossDefinition<LossTermOf<'meanSquaredError'>> = {
  count: 'countExplained',
  evaluated: ({ kind }) => ({ kind, weight: 1 }),
  operation({ weight }, { labels: _, ...place }) {
    return { name: 'meanSquaredError', operands: { ...place, weight } };
  },
  sample(_, { logits, targets }) {
    const errors = logits.map((z, k) => z - targets![k]!);
    const loss = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
    return { loss, gradient: errors.map((error) => (2 * error) / errors.length) };
  },
};
