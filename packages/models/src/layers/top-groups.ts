// topGroups: a mixture of experts. Another layer scores groups of channels; those with the largest scores are kept.
import { z } from 'zod';
import { chosenShape } from '../choice-of-groups.js';
import { dimension, nameSchema } from '../schema-parts.js';
import { defineLayer } from './layer-definition.js';

export const topGroups = defineLayer(
  z.strictObject({
    name: nameSchema,
    type: z.literal('topGroups').describe('groups of channels with the largest scores; the others are 0'),
    inputs: z
      .tuple([nameSchema, nameSchema])
      .describe('names of the layer whose channels are chosen and of the layer that scores them, an output a group'),
    keep: dimension.describe('how many groups are kept for each sample'),
  }),
  {
    meaning:
      'groups of channels with the largest scores, the others are 0: a mixture of experts, of whose convolutions only the chosen ones run on the device',
    inputs: 2,
    shape: ({ keep }, inputs, who) => chosenShape(who, inputs, keep),
    memory: () => ({ inPlace: true, channelwise: 'continue' }),
  },
);
