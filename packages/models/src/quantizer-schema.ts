// How a layer is quantized in training: its weights, the clipping of these, its input.
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { symmetricBits } from '@bitnetmcu/quant/internal';
import { z } from 'zod';

const freezeEpoch = z.int().min(0).optional().describe('the scalar stays as it is from this epoch on');

/** How the clipping scalar s of a weight tensor (or of each output) is found. Scalars are updated once an epoch, before `freezeEpoch`. */
const clippingSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('octav'),
    roundingWeight: z
      .number()
      .positive()
      .max(1000)
      .optional()
      .describe('how much rounding errors count beside those of clipping; default 1; formats with equal steps alone'),
    freezeEpoch,
  }),
  z.strictObject({
    method: z.literal('proportional'),
    factor: z.number().positive().default(2).describe('s = factor·mean|w|'),
    freezeEpoch,
  }),
  z.strictObject({ method: z.literal('fixed'), value: z.number().positive().describe('s') }),
  z.strictObject({
    method: z.literal('learned'),
    learningRateFactor: z.number().positive().default(1).describe('times the learning rate of the weights'),
    freezeEpoch,
  }),
  z.strictObject({
    method: z.literal('decaying'),
    start: z.number().positive().describe('s = start·mean|w| in the first epoch'),
    end: z.number().positive().describe('s = end·mean|w| from epoch `epochs` on'),
    epochs: z.int().min(1),
    freezeEpoch,
  }),
]);

/**
 * Bits that training learns, with a step of a power of two (Cséfalvay and Imber 2023, arXiv:2301.13142): parameters `<layer>.bits` and
 * `<layer>.exponent`. They start as those of the format, which is also the most; a loss term of the kind `size` pulls them down. An output of
 * 0 bits has no weights and vanishes from the integer network.
 */
const learnedBitsSchema = z.strictObject({
  per: z.enum(['channel', 'layer']).describe('one number of bits for each output, or one for all'),
  minimum: z.number().min(0).max(5).default(0).describe('fewest bits; 1 keeps every output, as logits need'),
  learningRateFactor: z
    .number()
    .min(0)
    .default(1)
    .describe('of the bits, times the learning rate of the weights; 0 keeps them as they are'),
  step: z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('clipping') }),
      z.strictObject({ by: z.literal('learned'), learningRateFactor: z.number().positive().default(10) }),
    ])
    .default({ by: 'clipping' })
    .describe(
      'the power of two that levels stand for: once an epoch by the clipping method for the bits so far, or learned',
    ),
});

const LEARNED_FORMATS = 'learned bits start from 2bitsym, 3bitsym, 4bitsym or 5bitsym: set the format to one of them';
const LEARNED_CLIPPING = 'learned bits have an exponent of their own: clipping cannot be learned beside it';

/** The quantizer of one layer's weights. `None` trains in float and cannot be exported. */
export const quantizerSchema = z
  .strictObject({
    format: z.enum([...FORMAT_NAMES, 'None']).describe('weight format; None trains in float and cannot be exported'),
    scaling: z
      .enum(['PerTensor', 'PerOutput'])
      .default('PerTensor')
      .describe('one clipping scalar for all weights, or one for each output (a power-of-two shift in inference)'),
    clipping: clippingSchema
      .default({ method: 'octav' })
      .describe('how the clipping scalar s is found; with learned bits those of each output'),
    learnedBits: learnedBitsSchema
      .optional()
      .describe('bits and steps that training learns; absent: those of the format'),
  })
  .refine(({ format, learnedBits }) => !learnedBits || symmetricBits(format) !== undefined, LEARNED_FORMATS)
  .refine(({ clipping, learnedBits }) => !learnedBits || clipping.method !== 'learned', LEARNED_CLIPPING);
export type Quantizer = z.infer<typeof quantizerSchema>;

/** Norm applied to a linear layer's input. The integer inference is scale-free: RMS, L1 and none need no parameter there. */
export const normSchema = z.enum(['rms', 'l1', 'layer', 'batch', 'none']);
export type Norm = z.infer<typeof normSchema>;

/**
 * Fake quantization of a layer's input activations, per sample, straight-through.
 * `max-abs`: int8, scale 127/max|x|. `shift`: int8, the power-of-two scale that ShiftNorm will use, negative numbers 0 as there (the sample itself: as `max-abs`). `none`: float.
 */
export const activationQuantizerSchema = z.enum(['max-abs', 'shift', 'none']);
