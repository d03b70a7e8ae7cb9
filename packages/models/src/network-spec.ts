// NetworkSpec: the network as plain JSON. A directed graph of named layers; a layer without `inputs` follows the one before it.
// Here is only the schema; shapes are inferred in shapes.ts, costs in summary.ts.
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { z } from 'zod';
import { ACTIVATION_NAMES } from './activations/index.js';
import { MAX_LAYERS } from './limits.js';

/** Names of networks, layers and nodes. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
    'a name starts with a letter and has up to 63 letters, digits, "_", "." or "-"',
  );
const dimension = z.int().min(1).max(65_535);
const shape = z.union([z.tuple([dimension]), z.tuple([dimension, dimension, dimension])], {
  error: 'wanted is [features] or [channels, height, width], each from 1 to 65535',
});
/** Largest kernel, window and stride; the C runtime holds them in a byte. */
export const MAX_WINDOW = 255;
/** Largest padding of each side: less than any window. */
export const MAX_PADDING = MAX_WINDOW - 1;
/** One number stands for both directions; after parsing it is always a pair. */
const pair = (smallest: number, largest: number) => {
  const extent = z.int().min(smallest).max(largest);
  return z
    .union([extent, z.tuple([extent, extent])], {
      error: `wanted is a number or [vertical, horizontal], each from ${smallest} to ${largest}`,
    })
    .transform((value): [vertical: number, horizontal: number] => (typeof value === 'number' ? [value, value] : value));
};
const window = pair(1, MAX_WINDOW);
const padding = pair(0, MAX_PADDING);
const poolWindow = {
  size: window.default([2, 2]).describe('[height, width] of the window, or one number for both'),
  stride: window.optional().describe('[vertical, horizontal] or one number; absent: the size'),
};
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const inputs = z
  .array(nameSchema)
  .min(1)
  .optional()
  .describe('names of the layers read, or "input"; absent: the layer before');
const freezeEpoch = z.int().min(0).optional().describe('the scalar stays as it is from this epoch on');

/** How the clipping scalar s of a weight tensor (or of each output) is found. Scalars are updated once an epoch, before `freezeEpoch`. */
export const clippingSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('octav'), freezeEpoch }),
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
export type Clipping = z.infer<typeof clippingSchema>;

/** The quantizer of one layer's weights. `None` trains in float and cannot be exported. */
export const quantizerSchema = z.strictObject({
  format: z.enum([...FORMAT_NAMES, 'None']).describe('weight format; None trains in float and cannot be exported'),
  scaling: z
    .enum(['PerTensor', 'PerOutput'])
    .default('PerTensor')
    .describe('one clipping scalar for all weights, or one for each output (a power-of-two shift in inference)'),
  clipping: clippingSchema.default({ method: 'octav' }).describe('how the clipping scalar s is found'),
});
export type Quantizer = z.infer<typeof quantizerSchema>;

/** Norm applied to a linear layer's input. The integer inference is scale-free: RMS, L1 and none need no parameter there. */
export const normSchema = z.enum(['rms', 'l1', 'layer', 'batch', 'none']);
export type Norm = z.infer<typeof normSchema>;

/**
 * Fake quantization of a layer's input activations, per sample, straight-through.
 * `max-abs`: int8, scale 127/max|x|. `shift`: int8, the power-of-two scale that ShiftNorm will use. `none`: float.
 */
export const activationQuantizerSchema = z.enum(['max-abs', 'shift', 'none']);

const base = { name: nameSchema, inputs };

export const layerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...base,
    type: z.literal('linear'),
    outputs: dimension,
    weights: quantizerSchema,
    norm: normSchema.default('rms').describe('normalization of the input'),
    activationQuantizer: activationQuantizerSchema.default('max-abs').describe('fake quantization of the input'),
    bias: z.boolean().default(false),
  }),
  z.strictObject({
    ...base,
    type: z.literal('conv2d'),
    channels: dimension.describe('output channels'),
    kernel: window.default([3, 3]).describe('[height, width], or one number for both'),
    stride: window.default([1, 1]).describe('[vertical, horizontal], or one number for both'),
    padding: padding
      .default([0, 0])
      .describe('zeros [above and below, left and right], or one number for all four sides'),
    groups: z.union([dimension, z.literal('depthwise')]).default(1),
    weights: quantizerSchema,
    activationQuantizer: activationQuantizerSchema.default('none').describe('fake quantization of the input'),
    bias: z.boolean().default(false),
    shift: z
      .int()
      .min(0)
      .max(24)
      .optional()
      .describe('fixed right shift after the ReLU in integer inference; chosen by the exporter if absent'),
  }),
  z.strictObject({ ...base, type: z.literal('activation'), function: z.enum(ACTIVATION_NAMES) }),
  z.strictObject({
    ...base,
    type: z.literal('maxPool2d'),
    ...poolWindow,
    padding: padding
      .default([0, 0])
      .describe('[above and below, left and right] or one number, smaller than the window; never the maximum'),
  }),
  z.strictObject({
    ...base,
    type: z.literal('avgPool2d'),
    ...poolWindow,
    padding: padding
      .default([0, 0])
      .describe('zeros [above and below, left and right], or one number, smaller than the window'),
    countIncludePad: z.boolean().default(true).describe('whether the mean counts the zeros of the padding'),
  }),
  z.strictObject({
    ...base,
    type: z.literal('crop'),
    top: z.int().min(0),
    left: z.int().min(0),
    height: dimension,
    width: dimension,
  }),
  z.strictObject({ ...base, type: z.literal('flatten') }),
  z.strictObject({
    name: nameSchema,
    type: z.literal('add').describe('sum of two tensors of one shape: the end of a residual block'),
    inputs: z.tuple([nameSchema, nameSchema]).describe('names of the two layers added, or "input"'),
  }),
  z.strictObject({ ...base, type: z.literal('dropout'), rate: z.number().min(0).lt(1) }),
  z.strictObject({
    ...base,
    type: z
      .literal('custom')
      .describe("a layer of the user's own: trains on the TensorFlow.js engine, has no integer form"),
    kind: nameSchema.describe('the name under which createTfjsEngine was given the layer'),
    options: z
      .record(z.string(), z.union([scalar, z.array(scalar)]))
      .default({})
      .describe('passed to the layer as they are: texts, numbers, truth values and lists of them'),
    outputShape: shape.describe('shape of its output: [features] or [channels, height, width]'),
  }),
]);
export type Layer = z.infer<typeof layerSchema>;
export type LayerType = Layer['type'];
export type LayerOf<T extends LayerType> = Extract<Layer, { type: T }>;

/** Float preprocessing of a uint8 image or feature vector: (x/divisor − mean)/deviation, before the int8 max-abs quantization. */
export const preprocessingSchema = z.strictObject({
  divisor: z.number().positive().default(255),
  mean: z.number().default(0.1307),
  deviation: z.number().positive().default(0.3081),
});
export type Preprocessing = z.infer<typeof preprocessingSchema>;

/**
 * The zod schema of a network spec, for embedding it in configurations of one's own. Whole documents are read by `parseNetworkSpec`,
 * whose messages name the nearest right key.
 *
 * @example
 * ```ts
 * import { networkSpecSchema } from '@bitnetmcu/models';
 *
 * const isSpec = networkSpecSchema.safeParse(JSON.parse('{}')).success; // false
 * const withName = networkSpecSchema.shape.name;
 * ```
 */
export const networkSpecSchema = z.strictObject({
  $schema: z.string().optional().describe('for editors: where the JSON schema of this document is'),
  name: nameSchema,
  description: z.string().max(1000).optional(),
  input: z.strictObject({
    shape: shape.describe('shape of one sample: [features] or [channels, height, width]'),
    preprocessing: preprocessingSchema
      .default({ divisor: 255, mean: 0.1307, deviation: 0.3081 })
      .describe('(x/divisor − mean)/deviation'),
  }),
  layers: z.array(layerSchema).min(1).max(MAX_LAYERS).describe('in order; the last one gives the logits'),
});

/** The network as plain JSON after defaults are filled in. The last layer gives the logits; the reserved name `input` is the sample. */
export type NetworkSpec = z.infer<typeof networkSpecSchema>;
/** What a user may write: defaults may be left out. */
export type NetworkSpecInput = z.input<typeof networkSpecSchema>;
