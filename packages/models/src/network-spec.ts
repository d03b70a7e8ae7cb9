// NetworkSpec: the network as plain JSON. A directed graph of named layers; a layer without `inputs` follows the one before it.
// Here is the schema of the whole, in layers/ that of each layer; shapes are inferred in shapes.ts, costs in summary.ts.
import { z } from 'zod';
import { frontEndSchema } from './front-end/front-end.js';
import { type LayerSchema, type LayerType, layers } from './layers/index.js';
import { MAX_LAYERS } from './limits.js';
import { outputSpecSchema } from './output/output.js';
import { rawInputSchema } from './raw-input/raw-input.js';
import { nameSchema, shapeSchema as shape } from './schema-parts.js';

export * from './quantizer-schema.js';

const [first, ...rest] = Object.values(layers).map(({ schema }) => schema) as [LayerSchema, ...LayerSchema[]];
export const layerSchema = z.discriminatedUnion('type', [first, ...rest]);
export type Layer = z.infer<typeof layerSchema>;
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
    raw: rawInputSchema
      .optional()
      .describe('what a raw sample is, where the bytes of a sample are int8 made from raw values'),
    frontEnd: frontEndSchema.optional().describe('features of signals, in integers; raw then describes what they give'),
  }),
  layers: z.array(layerSchema).min(1).max(MAX_LAYERS).describe('in order; the last one gives the logits'),
  output: outputSpecSchema
    .optional()
    .describe('what the logits mean; without it they are classes. Training fills in what it learns of the data'),
});

/** The network as plain JSON after defaults are filled in. The last layer gives the logits; the reserved name `input` is the sample. */
export type NetworkSpec = z.infer<typeof networkSpecSchema>;
/** What a user may write: defaults may be left out. */
export type NetworkSpecInput = z.input<typeof networkSpecSchema>;
