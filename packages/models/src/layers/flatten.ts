// flatten: maps as features.
import { z } from 'zod';
import { ModelError } from '../errors.js';
import { elementCount, formatShape } from '../tensor-shape.js';
import { base, defineLayer, inItsChannel } from './layer-definition.js';

export const flatten = defineLayer(z.strictObject({ ...base, type: z.literal('flatten') }), {
  meaning: 'maps as features, channel-major',
  inputs: 1,
  shape(_, inputs, who) {
    const input = inputs[0]!;
    if (input.length === 3) return [elementCount(input)];
    throw new ModelError(
      'shape-mismatch',
      `${who} reads ${formatShape(input)}, [channels, height, width] wanted: leave the layer out.`,
    );
  },
  memory: inItsChannel,
});
