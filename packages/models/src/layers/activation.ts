// activation: a function of each element.
import { z } from 'zod';
import { ACTIVATION_NAMES } from '../activations/index.js';
import { base, defineLayer, inItsChannel } from './layer-definition.js';

export const activation = defineLayer(
  z.strictObject({ ...base, type: z.literal('activation'), function: z.enum(ACTIVATION_NAMES) }),
  {
    meaning: 'a function of each element',
    inputs: 1,
    shape: (_, [input]) => input!,
    memory: inItsChannel,
  },
);
