// What a network's logits mean, where they are not one class of several (docs/integer-inference.md, Outputs).
// In a NetworkSpec as training knows it, in a QuantizedModel as integers; absent in both is classification.
import { z } from 'zod';
import { MAX_LABEL_LENGTH } from '../limits.js';

/** What is learned. */
export const TASKS = ['classification', 'regression', 'anomaly', 'multiLabel'] as const;
export type Task = (typeof TASKS)[number];

/** Bits of the mask that multi-label models answer with. */
export const MAX_MASK_LABELS = 32;
/** Squares of at most 255 over so many inputs stay within int32. */
export const MAX_ANOMALY_INPUTS = 33_025;
/** Share of normal samples that a threshold leaves below it. */
export const DEFAULT_QUANTILE = 0.99;

const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);
const quantile = z.number().gt(0).lt(1);

const namedValue = {
  name: z.string().min(1).max(MAX_LABEL_LENGTH).describe('what the value is called'),
  unit: z.string().max(50).optional(),
  decimals: z.int().min(0).max(9).describe('the integer 1 stands for 10^-decimals of the unit'),
};

export const outputSpecSchema = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('regression'),
    values: z
      .array(
        z.strictObject({
          ...namedValue,
          mean: z.number().describe('of the training targets; the network gives (value − mean)/deviation'),
          deviation: z.number().positive(),
          low: z.number().describe('answers are held within low … high'),
          high: z.number(),
        }),
      )
      .min(1)
      .max(4096),
  }),
  z.strictObject({
    task: z.literal('anomaly'),
    quantile: quantile
      .default(DEFAULT_QUANTILE)
      .describe('share of normal samples whose score is within the threshold'),
  }),
  z.strictObject({ task: z.literal('multiLabel') }),
]);

/** What a trained network's outputs mean; absent is classification. */
export type OutputSpec = z.infer<typeof outputSpecSchema>;

/** From an int32 logit to an integer of the answer; `scaleLogit` computes it. */
const logitScale = {
  low: int32.describe('logits below it count as it'),
  high: int32.describe('logits above it count as it'),
  preShift: z.int().min(0).max(31),
  multiplier: z.int().min(1).max(65_535),
  bias: z
    .int()
    .min(0)
    .max(2 ** 32 - 1),
  shift: z.int().min(0).max(31),
  offset: int32,
};
export type LogitScale = z.infer<z.ZodObject<typeof logitScale>>;

export const modelOutputSchema = z.discriminatedUnion('task', [
  z.strictObject({
    task: z.literal('regression'),
    values: z
      .array(z.strictObject({ ...namedValue, ...logitScale }))
      .min(1)
      .max(4096),
  }),
  z.strictObject({
    task: z.literal('anomaly'),
    reconstruction: z.strictObject(logitScale).describe('from a logit to the int8 input that it reconstructs'),
    threshold: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .describe('scores above it are anomalies'),
    quantile,
  }),
  z.strictObject({ task: z.literal('multiLabel') }),
]);

/** What a model's logits mean, in integers; absent is classification. */
export type ModelOutput = z.infer<typeof modelOutputSchema>;
export type ModelOutputOf<T extends ModelOutput['task']> = Extract<ModelOutput, { task: T }>;

/** The task of a network, model or data set. */
export function taskOf({ output }: { readonly output?: { readonly task: Task } | undefined }): Task {
  return output?.task ?? 'classification';
}
