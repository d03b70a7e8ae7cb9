// The configuration of a training run as plain JSON (or YAML). Its defaults are the original project's recipe.
import { networkSpecSchema, PRESET_NAMES, showIssues } from '@bitnetmcu/models';
import { z } from 'zod';
import { augmentationSchema } from '../augmentation/spec.js';
import { dataSpecSchema } from '../data/data-spec.js';
import { TrainerError } from '../errors.js';
import { scheduleSchema } from './schedule.js';

const seed = z.int().min(0).max(0xffff_ffff);
const beta = z.number().min(0).lt(1);
const weightDecay = z.number().min(0).max(10).default(0);
const damping = z
  .number()
  .min(0)
  .max(1000)
  .default(0)
  .describe(
    'pull of weights to the values of their codes, rising from 0 to this over the run; 0.3 helps the smallest networks',
  );

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['adam', 'adamw']),
    beta1: beta.default(0.9),
    beta2: beta.default(0.999),
    epsilon: z.number().positive().max(1).default(1e-8),
    weightDecay,
    damping,
  }),
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: beta.default(0.9),
    nesterov: z.boolean().default(false),
    weightDecay,
    damping,
  }),
]);

const teacher = z.string().min(1);

export const lossTermSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('crossEntropy'),
    weight: z.number().min(0).max(1000).default(1),
    labelSmoothing: z.number().min(0).lt(1).default(0),
  }),
  z.strictObject({
    kind: z.literal('distillation'),
    weight: z.number().min(0).max(1000).default(0.9),
    temperature: z.number().positive().max(100).default(3),
    teacher: z
      .union([teacher, z.array(teacher).min(1).max(16)])
      .describe('checkpoint of the network whose outputs are learned; of several, the mean of their outputs is'),
  }),
]);

export const trainingConfigSchema = z.strictObject({
  network: z
    .union([z.enum(PRESET_NAMES), networkSpecSchema])
    .default('fc-12k')
    .describe('a preset or a network spec'),
  data: dataSpecSchema.default({ kind: 'mnist' }),
  epochs: z.int().min(1).max(100_000).default(60),
  batchSize: z.int().min(1).max(65_536).default(128),
  optimizer: optimizerSchema.default({
    kind: 'adam',
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    damping: 0,
  }),
  learningRate: z.number().positive().max(100).default(1e-3),
  schedule: scheduleSchema.default({ kind: 'cosine', end: 0 }),
  augmentation: z
    .union([augmentationSchema, z.literal('none')])
    .optional()
    .describe('default: the standard augmentation for images, none for other samples'),
  validation: z
    .int()
    .min(0)
    .optional()
    .describe(
      'training samples held out for model selection; 0: train with all; default: 5000, or 15 % of them where that is less',
    ),
  loss: z
    .array(lossTermSchema)
    .min(1)
    .max(8)
    .default([{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }]),
  seed: seed.default(1),
  splitSeed: seed
    .optional()
    .describe('decides which samples are held out; default: the seed. Validation scores compare where it is the same'),
  engine: z.enum(['auto', 'native', 'wasm']).default('auto'),
  output: z
    .string()
    .min(1)
    .optional()
    .describe('folder for checkpoint, metrics and events; nothing is written without it'),
  checkpointEvery: z.int().min(1).max(100_000).default(1).describe('epochs between two checkpoints'),
});

/** Everything that decides a run, defaults filled in. */
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;
/** What a user may write. */
export type TrainingConfigInput = z.input<typeof trainingConfigSchema>;

/**
 * Checks a configuration and fills in defaults.
 * @throws TrainerError `invalid-config`; one line an issue, with the path of the wrong key and the nearest right one.
 */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  const result = trainingConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const { lines } = showIssues(trainingConfigSchema, value, result.error.issues);
  throw new TrainerError('invalid-config', `The training configuration is not valid:\n${lines.join('\n')}`);
}
