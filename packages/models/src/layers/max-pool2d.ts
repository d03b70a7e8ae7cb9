// maxPool2d: the maximum of each window.
import { z } from 'zod';
import { poolMemory } from '../ops/pool-windows.js';
import { pooledShape } from '../spatial-shapes.js';
import { base, defineLayer, paddingSchema, poolWindow } from './layer-definition.js';

export const maxPool2d = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('maxPool2d'),
    ...poolWindow,
    padding: paddingSchema
      .default([0, 0])
      .describe('[above and below, left and right] or one number, smaller than the window; never the maximum'),
  }),
  {
    meaning: 'maximum of each window',
    inputs: 1,
    shape: (layer, [input], who) => pooledShape(who, input!, { ...layer, stride: layer.stride ?? layer.size }),
    memory: poolMemory,
  },
);
