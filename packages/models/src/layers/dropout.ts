// dropout: in training only.
import { z } from 'zod';
import { base, defineLayer, inItsChannel } from './layer-definition.js';

export const dropout = defineLayer(
  z.strictObject({ ...base, type: z.literal('dropout'), rate: z.number().min(0).lt(1) }),
  {
    meaning: 'zeroes a share of its input in training; nothing in inference',
    inputs: 1,
    shape: (_, [input]) => input!,
    memory: inItsChannel,
  },
);
