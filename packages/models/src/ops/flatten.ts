// flatten: maps as features.
import { perElement } from '../intervals.js';
import { elementCount } from '../tensor-shape.js';
import type { Node, OpDefinition } from './op-definition.js';

/** [channels, height, width] → [channels·height·width], channel-major. No operation at run time. */
export interface FlattenNode extends Node {
  readonly op: 'flatten';
}

export const flatten: OpDefinition<FlattenNode> = {
  op: 'flatten',
  meaning: 'the same numbers as features, channel-major; no arithmetic',
  schema: {},
  inputs: 1,
  shape: (_, [input]) => [elementCount(input!)],
  type: (_, input) => input,
  reference: () => () => {},
  sharesMemory: true,
  bounds: ({ inputShapes }, [input]) => perElement(input!, inputShapes[0]!),
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: () => 'flatten',
  *random({ shape }) {
    if (shape.length === 3) yield { op: 'flatten' };
  },
};
