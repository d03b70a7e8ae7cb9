// avgPool2d: the mean of each window.
import { z } from 'zod';
import { poolMemory } from '../ops/pool-windows.js';
import { averagedShape } from '../spatial-shapes.js';
import { base, defineLayer, paddingSchema, poolWindow } from './layer-definition.js';

export const avgPool2d = defineLayer(
  z.strictObject({
    ...base,
    type: z.literal('avgPool2d'),
    ...poolWindow,
    padding: paddingSchema
      .default([0, 0])
      .describe('zeros [above and below, left and right], or one number, smaller than the window'),
    countIncludePad: z.boolean().default(true).describe('whether the mean counts the zeros of the padding'),
  }),
  {
    meaning: 'mean of each window',
    inputs: 1,
    shape: (layer, [input], who) => averagedShape(who, input!, { ...layer, stride: layer.stride ?? layer.size }),
    memory: poolMemory,
  },
);
