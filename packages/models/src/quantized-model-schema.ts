// zod schemas of the QuantizedModel: the ranges of every number in it, for memory and for the header of a .bnm file.
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { z } from 'zod';
import { MAX_LABEL_LENGTH, MAX_LABELS, MAX_NODES } from './limits.js';
import { MAX_PADDING, MAX_WINDOW, nameSchema, preprocessingSchema } from './network-spec.js';

const dimension = z.int().min(1).max(65_535);
/** Kernels, windows and strides, as in NetworkSpec. */
const extent = z.int().min(1).max(MAX_WINDOW);
const pair = <T extends z.ZodType>(entry: T) => z.tuple([entry, entry]);
const window = pair(extent);
const padding = pair(z.int().min(0).max(MAX_PADDING));
/** `1 << shift >> 1` and the shifts themselves stay within int32. */
const rightShift = z.int().min(0).max(30);
const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

/** A node whose `weights` follow `weights`: arrays in memory, flags in a file's header. */
function nodeSchemaWith<W extends z.ZodType>(weights: W) {
  const base = { name: nameSchema, inputs: z.array(nameSchema).min(1).max(16) };
  return z.discriminatedUnion('op', [
    z.strictObject({ ...base, op: z.literal('linear'), inFeatures: dimension, outFeatures: dimension, weights }),
    z.strictObject({
      ...base,
      op: z.literal('conv2d'),
      inChannels: dimension,
      outChannels: dimension,
      kernel: window,
      stride: window,
      padding,
      groups: dimension,
      weights,
    }),
    z.strictObject({ ...base, op: z.literal('shiftNorm'), activation: z.literal('relu') }),
    z.strictObject({ ...base, op: z.literal('maxAbsNorm'), activation: z.literal('relu') }),
    z.strictObject({ ...base, op: z.literal('reluShift'), shift: rightShift }),
    z.strictObject({ ...base, op: z.literal('requantize'), shift: rightShift, min: int32, max: int32 }),
    z.strictObject({ ...base, op: z.literal('lookup'), table: z.array(z.int().min(-128).max(127)).length(256) }),
    z.strictObject({ ...base, op: z.literal('maxPool2d'), size: window, stride: window, padding }),
    z.strictObject({
      ...base,
      op: z.literal('avgPool2d'),
      size: window,
      stride: window,
      padding,
      countIncludePad: z.boolean(),
    }),
    z.strictObject({
      ...base,
      op: z.literal('crop'),
      top: z.int().min(0).max(65_534),
      left: z.int().min(0).max(65_534),
      height: dimension,
      width: dimension,
    }),
    z.strictObject({ ...base, op: z.literal('flatten') }),
    z.strictObject({ ...base, op: z.literal('add'), leftShift: pair(z.int().min(0).max(15)) }),
  ]);
}

export const onnxOriginSchema = z.looseObject({
  preprocessing: preprocessingSchema.optional(),
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
  onnx: onnxOriginSchema.optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  config: z.unknown().optional(),
});

export const labelsSchema = z.array(z.string().max(MAX_LABEL_LENGTH)).max(MAX_LABELS);

function modelSchemaWith<W extends z.ZodType>(weights: W) {
  return z.strictObject({
    name: nameSchema,
    input: z.strictObject({
      shape: z.union([z.tuple([dimension]), z.tuple([dimension, dimension, dimension])], {
        error: 'wanted is [features] or [channels, height, width], each from 1 to 65535',
      }),
      preprocessing: preprocessingSchema,
      quantization: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('dynamic') }),
        z.strictObject({ kind: z.literal('static'), scale: z.number().positive() }),
      ]),
    }),
    nodes: z.array(nodeSchemaWith(weights)).min(1).max(MAX_NODES),
    labels: labelsSchema,
    provenance: provenanceSchema,
  });
}

const format = z.enum(FORMAT_NAMES);

/** The model in memory. */
export const quantizedModelSchema = modelSchemaWith(
  z.strictObject({
    format,
    codes: z.instanceof(Uint8Array),
    outputShifts: z.instanceof(Uint8Array).optional(),
    bias: z.instanceof(Int32Array).optional(),
  }),
);

/** The header of a `.bnm` file: arrays are sections of their own, here is only whether they exist. */
export const bnmHeaderSchema = modelSchemaWith(
  z.strictObject({ format, outputShifts: z.boolean(), bias: z.boolean() }),
);
