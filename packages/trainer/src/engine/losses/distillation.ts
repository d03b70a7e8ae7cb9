// Distillation: temperature²·KL(teacher ‖ student) at a temperature (Hinton et al. 2015, arXiv:1503.02531).
import { z } from 'zod';
import { type LossDefinition, logSoftmax } from './loss-definition.js';
import { termWeight } from './term-schema.js';

export const distillationSchema = z.strictObject({
  kind: z.literal('distillation'),
  weight: termWeight.default(0.9),
  temperature: z.number().positive().max(100).default(3),
});
type Distillation = z.infer<typeof distillationSchema>;

export const distillation: LossDefinition<Distillation> = {
  reads: 'teacher',
  schema: distillationSchema,
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
