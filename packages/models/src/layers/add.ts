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
    scale: z
      .literal('learned')
      .optional()
      .describe('multiplies the first summand by a number that is trained, 1 at first; absent: a plain sum'),
  }),
  {
    meaning: 'sum of two tensors of one shape: the end of a residual block',
    inputs: 2,
    shape: (_, inputs, who) => summedShape(who, inputs),
    parameters: ({ scale }) => (scale === 'learned' ? [{ name: 'scale', lengths: [1], required: true }] : []),
    memory: () => ({ inPlace: true, channelwise: 'no' }),
  },
);
