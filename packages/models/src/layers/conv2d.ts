// conv2d: cross-correlation of maps.
import { z } from 'zod';
import { ModelError } from '../errors.js';
import { convolutionMemory } from '../ops/conv2d.js';
import { activationQuantizerSchema, quantizerSchema } from '../quantizer-schema.js';
import { dimension } from '../schema-parts.js';
import { convolvedShape } from '../spatial-shapes.js';
import type { Pair, Shape } from '../tensor-shape.js';
import {
  base,
  defineLayer,
  paddingSchema,
  type WeightDimensions,
  weightParameters,
  windowSchema,
} from './layer-definition.js';

export const conv2d = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('conv2d'),
    channels: dimension.describe('output channels'),
    kernel: windowSchema.default([3, 3]).describe('[height, width], or one number for both'),
    stride: windowSchema.default([1, 1]).describe('[vertical, horizontal], or one number for both'),
    padding: paddingSchema
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
  {
    meaning: 'cross-correlation of maps with zero padding, stride and groups',
    inputs: 1,
    shape(layer, inputs, who) {
      const input = inputs[0]!;
      const { channels, kernel, stride, padding } = layer;
      const groups = layer.groups === 'depthwise' ? input[0] : layer.groups;
      if (input.length === 3 && (input[0] % groups !== 0 || channels % groups !== 0)) {
        const wanted =
          layer.groups === 'depthwise' ? `a multiple of ${input[0]} output channels` : 'groups that divide both';
        throw new ModelError(
          'shape-mismatch',
          `${who} maps ${input[0]} to ${channels} channels in ${groups} groups; ${wanted} wanted.`,
        );
      }
      return convolvedShape(who, input, { outChannels: channels, kernel, stride, padding });
    },
    weights: dimensionsOf,
    parameters: (layer, input) => weightParameters(layer, dimensionsOf(layer, input)),
    memory(layer, input) {
      const { groups } = dimensionsOf(layer, input);
      return convolutionMemory({ groups, inChannels: input[0], outChannels: layer.channels, padding: layer.padding });
    },
  },
);

function dimensionsOf(
  layer: { readonly channels: number; readonly kernel: Pair; readonly groups: number | 'depthwise' },
  [inChannels]: Shape,
): WeightDimensions {
  const groups = layer.groups === 'depthwise' ? inChannels : layer.groups;
  return { outputs: layer.channels, perOutput: (inChannels / groups) * layer.kernel[0] * layer.kernel[1], groups };
}
