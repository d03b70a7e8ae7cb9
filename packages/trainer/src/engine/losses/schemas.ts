// What a loss may be made of, as plain JSON: its terms, their numbers, and what each compares the logits with.
import { z } from 'zod';

const fraction = z.number().min(0).lt(1);
const weight = z.number().min(0).max(1000);

/** Factors of the loss by class, for classes of which there are few. */
export const classWeightsSchema = z
  .array(z.number().min(0).max(1e6))
  .min(2)
  .max(65_535)
  .refine((weights) => weights.some((factor) => factor > 0), 'one weight above 0 is wanted at least');

export const crossEntropySchema = z.strictObject({
  kind: z.literal('crossEntropy'),
  weight: weight.default(1),
  labelSmoothing: fraction.default(0),
  classWeights: classWeightsSchema.optional(),
});

/** Hinton et al. 2015, arXiv:1503.02531. */
export const distillationSchema = z.strictObject({
  kind: z.literal('distillation'),
  weight: weight.default(0.9),
  temperature: z.number().positive().max(100).default(3),
});

/** Terms that a configuration takes as the engine does; crossEntropy and distillation have more there. */
export const targetLossSchemas = [
  z.strictObject({ kind: z.literal('meanSquaredError'), weight: weight.default(1) }),
  z.strictObject({
    kind: z.literal('huber'),
    weight: weight.default(1),
    delta: z.number().positive().max(1000).default(1).describe('in standard deviations of the targets'),
  }),
  z.strictObject({ kind: z.literal('binaryCrossEntropy'), weight: weight.default(1) }),
] as const;

/** Terms on the weights, beside one on the logits. */
export const weightLossSchemas = [
  z
    .strictObject({ kind: z.literal('size'), weight: weight.default(0.05) })
    .describe('mean bits of the weights of all layers; layers with learnedBits become smaller'),
  z
    .strictObject({ kind: z.literal('entropy'), weight: weight.default(0.05) })
    .describe('mean entropy of the weight codes of all layers, in bits: for weights that are coded on the device'),
] as const;

/** Numbers of a sample that can be learned from a teacher. */
export const MOST_FEATURES = 4096;

/** A term on a hidden layer, beside one on the logits (FitNets, Romero et al. 2015, arXiv:1412.6550). */
export const featuresSchema = z
  .strictObject({
    kind: z.literal('features'),
    weight: weight.default(1),
    layer: z.string().min(1).describe('the layer of this network whose outputs shall be the features'),
    width: z
      .int()
      .min(1)
      .max(MOST_FEATURES)
      .describe(
        'numbers of a sample that a teacher has; another width than that of the layer is met by a learned projection',
      ),
  })
  .describe('mean squared error of the outputs of a hidden layer to the features of a teacher');

/** Terms on what layers choose, beside one on the logits. */
export const choiceLossSchemas = [
  z
    .strictObject({ kind: z.literal('balance'), weight: weight.default(0.01) })
    .describe('how unevenly topGroups layers choose their groups: 1 where all are kept as often'),
] as const;

export const lossTermSchema = z.discriminatedUnion('kind', [
  crossEntropySchema,
  distillationSchema,
  ...targetLossSchemas,
  ...weightLossSchemas,
  ...choiceLossSchemas,
  featuresSchema,
]);
export type LossTerm = z.output<typeof lossTermSchema>;
export type LossTermOf<K extends LossTerm['kind']> = Extract<LossTerm, { kind: K }>;

/** What a term compares the logits with: class numbers, a teacher's logits, or numbers that the samples bring. `weights`, `choices` and `features`: it reads no logits. */
export type LossReads = 'labels' | 'teacher' | 'targets' | 'weights' | 'choices' | 'features';

const READS: Readonly<Record<LossTerm['kind'], LossReads>> = {
  crossEntropy: 'labels',
  distillation: 'teacher',
  meanSquaredError: 'targets',
  huber: 'targets',
  binaryCrossEntropy: 'targets',
  size: 'weights',
  entropy: 'weights',
  balance: 'choices',
  features: 'features',
};

/** Terms that read no logits. */
export type InnerTerm = LossTermOf<'size' | 'entropy' | 'balance' | 'features'>;
export type WeightTerm = LossTermOf<'size' | 'entropy'>;
export type LogitTerm = Exclude<LossTerm, InnerTerm>;

export function isWeightTerm<T extends Pick<LossTerm, 'kind'>>(term: T): term is T & Pick<WeightTerm, 'kind'> {
  return READS[term.kind] === 'weights';
}

/** Whether a term reads no logits. */
export function isInnerTerm<T extends Pick<LossTerm, 'kind'>>(term: T): term is T & Pick<InnerTerm, 'kind'> {
  return isWeightTerm(term) || READS[term.kind] === 'choices' || READS[term.kind] === 'features';
}

/** The terms on the logits: one at least, where the schemas accepted the list. */
export function logitTerms<T extends Pick<LossTerm, 'kind'>>(
  terms: readonly T[],
): readonly Exclude<T, Pick<InnerTerm, 'kind'>>[] {
  return terms.filter((term): term is Exclude<T, Pick<InnerTerm, 'kind'>> => !isInnerTerm(term));
}

/** The terms that spread choices. */
export function balanceTerms(terms: readonly LossTerm[]): readonly LossTermOf<'balance'>[] {
  return terms.filter((term) => term.kind === 'balance');
}

/** The term on a hidden layer, where there is one. */
export function featuresTerm(terms: readonly LossTerm[]): LossTermOf<'features'> | undefined {
  return terms.find((term) => term.kind === 'features');
}

export const FEATURES_ALONE =
  'a term features cannot stand beside another one, distillation or terms that read targets, for a sample has one list of numbers to compare with: leave one out';

/** Whether what a term on features compares with is all that samples bring. */
export function featuresStandAlone(terms: readonly Pick<LossTerm, 'kind'>[]): boolean {
  const count = terms.filter(({ kind }) => kind === 'features').length;
  const reads = lossReads(terms);
  return count === 0 || (count === 1 && !reads.has('teacher') && !reads.has('targets'));
}

export function lossReads(terms: readonly Pick<LossTerm, 'kind'>[]): ReadonlySet<LossReads> {
  return new Set(terms.map(({ kind }) => READS[kind]));
}

export const MIXED_LOSSES =
  'terms that read targets (meanSquaredError, huber, binaryCrossEntropy) cannot stand beside crossEntropy or distillation, which read classes: use one kind';

/** Whether all terms can be computed for the same samples: targets are where a teacher's logits would be. */
export function fitTogether(terms: readonly Pick<LossTerm, 'kind'>[]): boolean {
  const reads = lossReads(logitTerms(terms));
  return !reads.has('targets') || reads.size === 1;
}

export const NO_LOGIT_LOSS =
  'size, entropy, balance and features are terms on what lies inside alone: name one on the outputs too, such as crossEntropy';

/** Whether there is a term on the logits. */
export function readsLogits(terms: readonly Pick<LossTerm, 'kind'>[]): boolean {
  return logitTerms(terms).length > 0;
}
