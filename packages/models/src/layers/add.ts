// add: the sum at the end of a residual block.
import { z } from 'zod';
import { nameSchema } from '../schema-parts.js';
import { summedShape } from '../spatial-shapes.js';
import { defineLayer } from './layer-definition.js';

export const add = defineLayer(
  z.strictObject({
    name: nameSchema,
    type: z.literal('add').describe('sum of two tensors of one shape: the end of a residual block'),
    inputs: z.tuple([nameSchema, nameSchema]).describe('names of the two layers added, or "input"'),
  }),
  {
    meaning: 'sum of two tensors of one shape: the end of a residual block',
    inputs: 2,
    shape: (_, inputs, who) => summedShape(who, inputs),
    memory: () => ({ inPlace: true, channelwise: 'no' }),
  },
);
