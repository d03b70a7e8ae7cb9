// zod schemas of the QuantizedModel: the ranges of every number in it, for memory and for the header of a .bnm file. What the nodes may
// hold comes from the registry of operations.
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { z } from 'zod';
import { frontEndSchema } from './front-end/front-end.js';
import { MAX_LABEL_LENGTH, MAX_LABELS, MAX_NODES } from './limits.js';
import { preprocessingSchema } from './network-spec.js';
import { ops, type QuantizedNode, type WeightedNode } from './ops/index.js';
import type { AnyNode, OpDefinition } from './ops/op-definition.js';
import { modelOutputSchema } from './output/output.js';
import type { QuantizedWeights } from './quantized-weights.js';
import { rawInputSchema } from './raw-input/raw-input.js';
import { nameSchema, shapeSchema } from './schema-parts.js';

/** What a file's header says of weights: which arrays there are, as sections of their own. */
export interface HeaderWeights {
  readonly format: QuantizedWeights['format'];
  readonly outputShifts: boolean;
  readonly bias: boolean;
}

type WithWeights<N, W> = N extends WeightedNode ? Omit<N, 'weights'> & { readonly weights: W } : N;

/** A node as the header of a file has it. */
export type HeaderNode = WithWeights<QuantizedNode, HeaderWeights>;

/** Nodes whose `weights` follow `weights`: arrays in memory, flags in a file's header. */
function nodeSchemaWith<W>(weights: z.ZodType<W>): z.ZodType<WithWeights<QuantizedNode, W>> {
  const schemas = (Object.values(ops) as readonly OpDefinition<AnyNode>[]).map(({ op, schema, matrix }) =>
    z.strictObject({
      name: nameSchema,
      inputs: z.array(nameSchema).min(1).max(16),
      op: z.literal(op),
      ...schema,
      ...(matrix === undefined ? {} : { weights }),
    }),
  );
  const [first, ...rest] = schemas;
  return z.discriminatedUnion('op', [first!, ...rest]) as unknown as z.ZodType<WithWeights<QuantizedNode, W>>;
}

export const onnxOriginSchema = z.looseObject({
  preprocessing: preprocessingSchema.optional(),
  standardized: z.looseObject({ mean: z.array(z.number()), deviation: z.array(z.number().positive()) }).optional(),
  standardizedTargets: z.boolean().optional(),
  calibration: z.looseObject({ dataset: z.string(), samples: z.number(), of: z.number() }).optional(),
});

export const provenanceSchema = z.looseObject({
  title: z.string().optional(),
  tool: z.string().optional(),
  created: z.string().optional(),
  seed: z.number().optional(),
  dataset: z.string().optional(),
  datasetSha256: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  means: z.array(z.number()).optional(),
  tables: z
    .looseObject({
      decimal: z.enum(['point', 'comma']).optional(),
      labelColumn: z.union([z.string(), z.number()]).optional(),
    })
    .optional(),
  onnx: onnxOriginSchema.optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  probabilityScale: z.looseObject({ divisor: z.number().positive(), samples: z.number(), part: z.string() }).optional(),
  config: z.unknown().optional(),
});

export const labelsSchema = z.array(z.string().max(MAX_LABEL_LENGTH)).max(MAX_LABELS);

function modelSchemaWith<W>(weights: z.ZodType<W>) {
  return z.strictObject({
    name: nameSchema,
    input: z.strictObject({
      shape: shapeSchema,
      preprocessing: preprocessingSchema,
      quantization: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('dynamic') }),
        z.strictObject({ kind: z.literal('static'), scale: z.number().positive() }),
      ]),
      raw: rawInputSchema.optional(),
      frontEnd: frontEndSchema.optional(),
    }),
    nodes: z.array(nodeSchemaWith(weights)).min(1).max(MAX_NODES),
    output: modelOutputSchema.optional(),
    labels: labelsSchema,
    provenance: provenanceSchema,
  });
}

const format = z.enum(FORMAT_NAMES);

/** The model in memory. */
export const quantizedModelSchema = modelSchemaWith<QuantizedWeights>(
  z.strictObject({
    format,
    codes: z.instanceof(Uint8Array),
    outputShifts: z.instanceof(Uint8Array).optional(),
    bias: z.instanceof(Int32Array).optional(),
  }) as z.ZodType<QuantizedWeights>,
).extend({
  samples: z.strictObject({ inputs: z.instanceof(Int8Array), labels: z.instanceof(Uint16Array).optional() }).optional(),
});

/** The header of a `.bnm` file: arrays are sections of their own, here is only whether they exist. */
export const bnmHeaderSchema = modelSchemaWith<HeaderWeights>(
  z.strictObject({ format, outputShifts: z.boolean(), bias: z.boolean() }),
);
