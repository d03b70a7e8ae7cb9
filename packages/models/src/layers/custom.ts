// custom: a layer of the user's own.
import { z } from 'zod';
import { nameSchema, shapeSchema } from '../schema-parts.js';
import { base, defineLayer, inItsChannel } from './layer-definition.js';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const custom = defineLayer(
  z.strictObject({
    ...base,
    type: z
      .literal('custom')
      .describe("a layer of the user's own: trains on the TensorFlow.js engine, has no integer form"),
    kind: nameSchema.describe('the name under which createTfjsEngine was given the layer'),
    options: z
      .record(z.string(), z.union([scalar, z.array(scalar)]))
      .default({})
      .describe('passed to the layer as they are: texts, numbers, truth values and lists of them'),
    outputShape: shapeSchema.describe('shape of its output: [features] or [channels, height, width]'),
  }),
  {
    meaning: "a layer of the user's own: trains on the TensorFlow.js engine, has no integer form",
    inputs: 1,
    shape: ({ outputShape }) => outputShape,
    memory: inItsChannel,
  },
);
