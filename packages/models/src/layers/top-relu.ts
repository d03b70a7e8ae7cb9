// topRelu: a ReLU whose threshold is half of the sample's largest activation.
import { z } from 'zod';
import { base, defineLayer } from './layer-definition.js';

export const topRelu = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('topRelu').describe('2·max(x − m/2, 0) with m the largest activation of the sample, at least 0'),
  }),
  {
    meaning:
      '2·max(x − m/2, 0) with m the largest activation of the sample, at least 0: fewer activations are above zero',
    inputs: 1,
    shape: (_, [input]) => input!,
    memory: () => ({ inPlace: true, channelwise: 'no' }),
  },
);
