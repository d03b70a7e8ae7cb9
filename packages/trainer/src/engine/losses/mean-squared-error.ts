// Mean over the outputs of (logit − target)².
import { z } from 'zod';
import type { LossDefinition } from './loss-definition.js';
import { termWeight } from './term-schema.js';

export const meanSquaredErrorSchema = z.strictObject({
  kind: z.literal('meanSquaredError'),
  weight: termWeight.default(1),
});
type MeanSquaredError = z.infer<typeof meanSquaredErrorSchema>;

export const meanSquaredError: LossDefinition<MeanSquaredError> = {
  reads: 'targets',
  schema: meanSquaredErrorSchema,
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
