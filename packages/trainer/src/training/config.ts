// The configuration of a training run as plain JSON (or YAML). Its defaults are the original project's recipe.
import { networkSpecSchema, PRESET_NAMES } from '@bitnetmcu/models';
import { z } from 'zod';
import { parseArgument } from '../arguments.js';
import { augmentationSchema } from '../augmentation/spec.js';
import { VALUE_AUGMENTATIONS, valueAugmentationSchema } from '../augmentation/value-spec.js';
import { dataSpecSchema } from '../data/data-spec.js';
import type { Dataset } from '../data/dataset.js';
import { adamSchema, batchSizeSchema, type CompileOptions, seedSchema, sgdSchema } from '../engine/compile-options.js';
import {
  choiceLossSchemas,
  classWeightsSchema,
  crossEntropySchema,
  distillationSchema,
  FEATURES_ALONE,
  featuresSchema,
  featuresStandAlone,
  fitTogether,
  MIXED_LOSSES,
  NO_LOGIT_LOSS,
  readsLogits,
  targetLossSchemas,
  weightLossSchemas,
} from '../engine/losses/schemas.js';
import { actionSchema, needsMasks } from './actions/index.js';
import { scheduleSchema } from './schedule.js';
import { classWeightsOf, defaultLoss } from './task.js';

const damping = z
  .number()
  .min(0)
  .max(1000)
  .default(0)
  .describe(
    'pull of weights to the values of their codes, rising from 0 to this over the run; 0.3 helps the smallest networks',
  );

const optimizerSchema = z.discriminatedUnion('kind', [adamSchema.extend({ damping }), sgdSchema.extend({ damping })]);

const teacher = z.string().min(1);

const lossTermSchema = z.discriminatedUnion('kind', [
  crossEntropySchema.extend({
    classWeights: z
      .union([z.literal('balanced'), classWeightsSchema])
      .optional()
      .describe('factors of the loss by class; balanced: all classes count as much, however few samples they have'),
  }),
  distillationSchema.extend({
    teacher: z
      .union([teacher, z.array(teacher).min(1).max(16)])
      .describe('checkpoint of the network whose outputs are learned; of several, the mean of their outputs is'),
  }),
  ...targetLossSchemas,
  ...weightLossSchemas,
  ...choiceLossSchemas,
  featuresSchema.omit({ width: true }).extend({
    teacher: teacher.describe('checkpoint of the network whose features are learned'),
    teacherLayer: z.string().min(1).describe('the layer of the teacher whose outputs are the features'),
  }),
]);

const frozenSchema = z
  .strictObject({
    layer: z.string().min(1),
    teacher: teacher
      .optional()
      .describe('checkpoint whose layer is copied first; default: the weights that training starts from stay'),
    teacherLayer: z.string().min(1).optional().describe('default: the layer of the same name'),
  })
  .refine(({ teacher, teacherLayer }) => teacherLayer === undefined || teacher !== undefined, {
    error: 'teacherLayer is a layer of a teacher, and none is named: give teacher as well',
    path: ['teacherLayer'],
  });

/**
 * The zod schema of a training run's configuration, with its defaults. `parseTrainingConfig` reads whole documents with better messages.
 *
 * @example
 * ```ts
 * import { trainingConfigSchema } from '@bitnetmcu/trainer';
 *
 * const { epochs } = trainingConfigSchema.shape; // for schemas of one's own
 * const config = trainingConfigSchema.parse({ network: 'fc-1k' });
 * ```
 */
export const trainingConfigSchema = z.strictObject({
  network: z
    .union([z.enum(PRESET_NAMES), networkSpecSchema])
    .default('fc-12k')
    .describe('a preset or a network spec'),
  data: dataSpecSchema.default({ kind: 'mnist' }),
  epochs: z.int().min(1).max(100_000).default(60),
  batchSize: batchSizeSchema,
  optimizer: optimizerSchema.prefault({ kind: 'adam' }),
  learningRate: z.number().positive().max(100).default(1e-3),
  schedule: scheduleSchema.default({ kind: 'cosine', end: 0 }),
  augmentation: z
    .union([augmentationSchema, valueAugmentationSchema, z.enum(['none', ...VALUE_AUGMENTATIONS])])
    .optional()
    .describe('default: the standard augmentation for images, none for other samples; signal and table are for those'),
  validation: z
    .number()
    .min(0)
    .refine((value) => value < 1 || Number.isInteger(value), 'a whole number, or a share below 1, is wanted')
    .optional()
    .describe(
      'training samples held out for model selection, a number or a share below 1; 0: train with all; default: 5000, or 15 % of them where that is less',
    ),
  loss: z
    .array(lossTermSchema)
    .min(1)
    .max(8)
    .refine(fitTogether, MIXED_LOSSES)
    .refine(readsLogits, NO_LOGIT_LOSS)
    .refine(featuresStandAlone, FEATURES_ALONE)
    .optional()
    .describe(
      'default: crossEntropy; of a regression or anomalies meanSquaredError, of several labels binaryCrossEntropy',
    ),
  actions: z
    .array(actionSchema)
    .min(1)
    .max(16)
    .optional()
    .describe('what is done around the steps, in this order: average, prune, reorder, rewind, switch'),
  frozen: z
    .array(frozenSchema)
    .min(1)
    .max(64)
    .refine((layers) => new Set(layers.map(({ layer }) => layer)).size === layers.length, {
      error: 'a layer is named twice',
    })
    .optional()
    .describe('layers whose weights no step changes, such as the classifier of a teacher'),
  quantile: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe('task anomaly: the share of normal samples that shall count as normal; default 0.99'),
  seed: seedSchema
    .default(1)
    .describe('decides all that is random: one seed, the same weights, as far as the engine says'),
  splitSeed: seedSchema
    .optional()
    .describe('decides which samples are held out; default: the seed. Validation scores compare where it is the same'),
  engine: z
    .enum(['auto', 'native', 'wasm', 'reproducible'])
    .default('auto')
    .describe(
      'a seed gives the same weights on processors with fused multiply-add, whatever their instructions and threads; reproducible: on all, and in WebAssembly, and slower',
    ),
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
 *
 * @example
 * ```ts
 * import { parseTrainingConfig } from '@bitnetmcu/trainer';
 *
 * const { optimizer, epochs } = parseTrainingConfig({ network: 'fc-12k', learningRate: 2e-3 });
 * ```
 */
export function parseTrainingConfig(value: unknown): TrainingConfig {
  return parseArgument(trainingConfigSchema, value, 'The training configuration is not valid', 'invalid-config');
}

type LossTerms = NonNullable<TrainingConfig['loss']>;

/** The loss of a run: the one that is named, or that of the data set's task. */
export function lossOf({ loss }: Pick<TrainingConfig, 'loss'>, dataset: Pick<Dataset, 'output'>): LossTerms {
  return loss ?? [lossTermSchema.parse({ kind: defaultLoss(dataset) })];
}

/**
 * What of a configuration the engine compiles in; damping and teachers are the run's, balanced class weights follow from the labels.
 * @param featureWidth of the teacher's layer, where a term on features names one
 */
export function compileOptions(
  config: TrainingConfig,
  dataset?: Pick<Dataset, 'train' | 'labels' | 'output'>,
  featureWidth = 1,
): CompileOptions {
  const { batchSize, optimizer, seed } = config;
  const { damping: _, ...compiled } = optimizer;
  const terms = lossOf(config, dataset ?? {}).map((term) => {
    if (term.kind === 'crossEntropy') return { ...term, classWeights: classWeightsOf(term.classWeights, dataset) };
    if (term.kind === 'features') {
      const { kind, weight, layer } = term;
      return { kind, weight, layer, width: featureWidth };
    }
    if (term.kind !== 'distillation') return term;
    const { teacher: _, ...distillation } = term;
    return distillation;
  });
  const frozen = config.frozen?.map(({ layer }) => layer);
  return {
    ...{ batchSize, optimizer: compiled, loss: terms, seed, masks: needsMasks(config.actions) },
    ...(frozen && { frozen }),
  };
}
