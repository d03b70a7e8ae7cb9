// What a layer of a NetworkSpec is: everything that this package knows of it, as one record in a file of its own.
import { z } from 'zod';
import type { MemoryRole } from '../ops/op-definition.js';
import type { Quantizer } from '../quantizer-schema.js';
import { MAX_PADDING, MAX_WINDOW, nameSchema } from '../schema-parts.js';
import type { Shape } from '../tensor-shape.js';

/** One parameter of a layer. */
export interface LayerParameter {
  /** Behind the layer's name: `weight` is `<layer>.weight` in TrainedNetwork. */
  readonly name: string;
  /** Lengths that the array may have: a clipping scalar comes alone or one an output. */
  readonly lengths: readonly number[];
  /** Whether a TrainedNetwork must have it. */
  readonly required: boolean;
  /** Whether it has zeros and ones only. */
  readonly binary?: boolean;
}

/** Weights as a matrix: one row for each output (channel), `perOutput` weights a row. */
export interface WeightDimensions {
  readonly outputs: number;
  readonly perOutput: number;
  readonly groups: number;
}

/** A layer. L is what its schema gives. */
export interface LayerDefinition<L> {
  /** What it is for, in a line. */
  readonly meaning: string;
  /** How many tensors it reads. */
  readonly inputs: 1 | 2;
  /**
   * @param who the layer, for messages
   * @throws ModelError `shape-mismatch`
   */
  shape(layer: L, inputs: readonly Shape[], who: string): Shape;
  /** Set where the layer has weights. */
  readonly weights?: (layer: L, input: Shape) => WeightDimensions;
  /** Set where the layer has parameters whose names and lengths are known. */
  readonly parameters?: (layer: L, input: Shape) => readonly LayerParameter[];
  /** The RAM of its integer form. */
  memory(layer: L, input: Shape): MemoryRole;
}

/** A layer's schema with its definition. */
export function defineLayer<S extends z.ZodObject>(
  schema: S,
  definition: LayerDefinition<z.output<S>>,
): { readonly schema: S } & LayerDefinition<z.output<S>> {
  return { schema, ...definition };
}

/** One number stands for both directions; after parsing it is always a pair. */
const pair = (smallest: number, largest: number) => {
  const extent = z.int().min(smallest).max(largest);
  return z
    .union([extent, z.tuple([extent, extent])], {
      error: `wanted is a number or [vertical, horizontal], each from ${smallest} to ${largest}`,
    })
    .transform((value): [vertical: number, horizontal: number] => (typeof value === 'number' ? [value, value] : value));
};
export const windowSchema = pair(1, MAX_WINDOW);
export const paddingSchema = pair(0, MAX_PADDING);

const inputs = z
  .array(nameSchema)
  .min(1)
  .optional()
  .describe('names of the layers read, or "input"; absent: the layer before');

/** What the layers that read one tensor begin with. */
export const base = { name: nameSchema, inputs };

/** Window and stride of a pool. */
export const poolWindow = {
  size: windowSchema.default([2, 2]).describe('[height, width] of the window, or one number for both'),
  stride: windowSchema.optional().describe('[vertical, horizontal] or one number; absent: the size'),
};

/** Weights, bias, clipping scalars (or learned bits and exponents) and mask of a layer with weights. */
export function weightParameters(
  { weights, bias }: { readonly weights: Quantizer; readonly bias: boolean },
  { outputs, perOutput }: WeightDimensions,
): LayerParameter[] {
  const parameters: LayerParameter[] = [{ name: 'weight', lengths: [outputs * perOutput], required: true }];
  if (bias) parameters.push({ name: 'bias', lengths: [outputs], required: true });
  if (weights.learnedBits) {
    const lengths = [weights.learnedBits.per === 'channel' ? outputs : 1];
    parameters.push({ name: 'bits', lengths, required: true }, { name: 'exponent', lengths, required: true });
  } else if (weights.format !== 'None') {
    parameters.push({ name: 'clip', lengths: [weights.scaling === 'PerOutput' ? outputs : 1], required: false });
  }
  parameters.push({ name: 'mask', lengths: [outputs * perOutput], required: false, binary: true });
  return parameters;
}

/** A layer that stays in its channel and may work in place. */
export const inItsChannel = (): MemoryRole => ({ inPlace: true, channelwise: 'continue' });
