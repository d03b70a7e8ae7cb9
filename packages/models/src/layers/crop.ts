// crop: a window cut out of every channel.
import { z } from 'zod';
import { dimension } from '../schema-parts.js';
import { croppedShape } from '../spatial-shapes.js';
import { base, defineLayer, inItsChannel } from './layer-definition.js';

export const crop = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('crop'),
    top: z.int().min(0),
    left: z.int().min(0),
    height: dimension,
    width: dimension,
  }),
  {
    meaning: 'a window cut out of every channel',
    inputs: 1,
    shape: (layer, [input], who) => croppedShape(who, input!, layer),
    memory: inItsChannel,
  },
);
