// What an engine is told besides the network: optimizer, loss, batch size and seed, as plain JSON with defaults.
// The schemas are those of a training run's configuration too, which adds what concerns the run alone (damping, teachers).
import { z } from 'zod';
import { parseArgument } from '../arguments.js';
import {
  FEATURES_ALONE,
  featuresStandAlone,
  fitTogether,
  lossTermSchema,
  MIXED_LOSSES,
  NO_LOGIT_LOSS,
  readsLogits,
} from './losses/schemas.js';

export type { LossTerm } from './losses/schemas.js';

const fraction = z.number().min(0).lt(1);
const weightDecay = z.number().min(0).max(10).default(0);

/** Adam (Kingma and Ba 2015, arXiv:1412.6980); `adamw` decays weights apart from the gradient (Loshchilov and Hutter 2019, arXiv:1711.05101). */
export const adamSchema = z.strictObject({
  kind: z.enum(['adam', 'adamw']),
  beta1: fraction.default(0.9),
  beta2: fraction.default(0.999),
  epsilon: z.number().positive().max(1).default(1e-8),
  weightDecay,
});

export const sgdSchema = z.strictObject({
  kind: z.literal('sgd'),
  momentum: fraction.default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay,
});

export const batchSizeSchema = z.int().min(1).max(65_536).default(128);
export const seedSchema = z.int().min(0).max(0xffff_ffff);

const compileOptionsSchema = z.strictObject({
  batchSize: batchSizeSchema,
  optimizer: z.discriminatedUnion('kind', [adamSchema, sgdSchema]).prefault({ kind: 'adam' }),
  loss: z
    .array(lossTermSchema)
    .min(1)
    .max(8)
    .refine(fitTogether, MIXED_LOSSES)
    .refine(readsLogits, NO_LOGIT_LOSS)
    .refine(featuresStandAlone, FEATURES_ALONE)
    .prefault([{ kind: 'crossEntropy' }]),
  seed: seedSchema.default(1),
  masks: z.boolean().default(false),
  frozen: z.array(z.string().min(1)).max(256).default([]),
});

type CompileOptionsInput = z.input<typeof compileOptionsSchema>;

/** How a network is trained; all of it has defaults: Adam, cross-entropy, batches of 128, seed 1. */
export interface CompileOptions {
  /** Samples a step, 1 to 65536. */
  readonly batchSize?: number | undefined;
  /** An optimizer is data; the engine compiles its update into the plan. `{ kind: 'adam' }`, `{ kind: 'sgd', momentum: 0.9 }`, … */
  readonly optimizer?: CompileOptionsInput['optimizer'];
  /** A sum of weighted terms over the outputs and the weights. More terms (penalties) are added here, never as flags in the loop. */
  readonly loss?: readonly NonNullable<CompileOptionsInput['loss']>[number][] | undefined;
  /** Decides the first weights and dropout. */
  readonly seed?: number | undefined;
  /**
   * Whether every layer with weights has a parameter `<layer>.mask`, ones to begin with: a weight under a 0 takes no part, and no gradient moves it.
   * Whoever sets a 0 sets the weight and its optimizer moments to 0 as well. Default: false. TensorFlow.js has none.
   */
  readonly masks?: boolean | undefined;
  /** Layers whose weights, biases and gains the optimizer leaves as they are. Default: none. TensorFlow.js has none. */
  readonly frozen?: readonly string[] | undefined;
}

/** The options with their defaults filled in. */
export type ResolvedOptions = z.output<typeof compileOptionsSchema>;
export type OptimizerSpec = ResolvedOptions['optimizer'];

/** @throws TrainerError `invalid-argument`; one line an issue, with the path of the wrong key and the nearest right one. */
export function resolveOptions(options: CompileOptions): ResolvedOptions {
  return parseArgument(compileOptionsSchema, options, 'The network cannot be compiled with these options');
}
