// linear: every output reads every input.
import { z } from 'zod';
import { activationQuantizerSchema, normSchema, quantizerSchema } from '../quantizer-schema.js';
import { dimension } from '../schema-parts.js';
import type { Shape } from '../tensor-shape.js';
import { elementCount } from '../tensor-shape.js';
import { base, defineLayer, type LayerParameter, type WeightDimensions, weightParameters } from './layer-definition.js';

export const linear = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('linear'),
    outputs: dimension,
    weights: quantizerSchema,
    norm: normSchema.default('rms').describe('normalization of the input'),
    activationQuantizer: activationQuantizerSchema.default('max-abs').describe('fake quantization of the input'),
    bias: z.boolean().default(false),
  }),
  {
    meaning: 'every output reads every input; flattens maps by itself',
    inputs: 1,
    shape: ({ outputs }) => [outputs],
    weights: dimensionsOf,
    parameters(layer, input) {
      const features = [elementCount(input)];
      const norm = (name: string, required: boolean): LayerParameter => ({
        name: `norm.${name}`,
        lengths: features,
        required,
      });
      const affine = [norm('gain', false), norm('shift', false)];
      return [
        ...weightParameters(layer, dimensionsOf(layer, input)),
        ...(layer.norm === 'batch' ? [norm('mean', true), norm('variance', true), ...affine] : []),
        ...(layer.norm === 'layer' ? affine : []),
      ];
    },
    memory: () => ({ inPlace: false, channelwise: 'no' }),
  },
);

function dimensionsOf({ outputs }: { readonly outputs: number }, input: Shape): WeightDimensions {
  return { outputs, perOutput: elementCount(input), groups: 1 };
}
