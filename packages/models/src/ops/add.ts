// add: the sum of two tensors, brought to one scale by shifts and a small factor.
import { z } from 'zod';
import { constantIntervals } from '../intervals.js';
import { summedShape } from '../spatial-shapes.js';
import { type Node, type OpDefinition, pair } from './op-definition.js';

/** y = (multiplier·a << leftShift[0]) + (b << leftShift[1]), int32. */
export interface AddNode extends Node {
  readonly op: 'add';
  /** −127 … 127. Absent: 1. */
  readonly multiplier?: number;
  readonly leftShift: readonly [number, number];
}

export const add: OpDefinition<AddNode> = {
  op: 'add',
  meaning: '(multiplier·a << left₀) + (b << left₁), int32; multiplier −127 … 127, 1 where the node has none',
  schema: { multiplier: z.int().min(-127).max(127).optional(), leftShift: pair(z.int().min(0).max(15)) },
  inputs: 2,
  shape: (_, inputs, who) => summedShape(who, inputs),
  type: () => 'int32',
  reference({ node: { multiplier = 1, leftShift } }, [a, b], out) {
    const [shiftA, shiftB] = leftShift;
    return () => {
      for (let i = 0; i < out.length; i++)
        out[i] = ((Math.imul(multiplier, a![i]!) << shiftA) + (b![i]! << shiftB)) | 0;
    };
  },
  bounds({ node, outputShape }, inputs, accumulator) {
    const [a, b] = inputs as readonly [(typeof inputs)[0], (typeof inputs)[0]];
    const { multiplier = 1 } = node;
    const [left, right] = [multiplier * 2 ** node.leftShift[0], 2 ** node.leftShift[1]];
    const output = constantIntervals(outputShape[0], 0, 0);
    for (let i = 0; i < output.min.length; i++) {
      const ends = [a.min[i]! * left, a.max[i]! * left] as const;
      const [least, most] = [Math.min(...ends), Math.max(...ends)];
      accumulator.hold(least, most);
      accumulator.hold(b.min[i]! * right, b.max[i]! * right);
      output.min[i] = least + b.min[i]! * right;
      output.max[i] = most + b.max[i]! * right;
      accumulator.hold(output.min[i]!, output.max[i]!);
    }
    return output;
  },
  remedy: 'use a smaller multiplier or smaller left shifts',
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: ({ multiplier }) => (multiplier === undefined ? 'add' : `add, the first times ${multiplier}`),
  *random({ random }) {
    const largest = random.chance(0.05) ? 15 : 3;
    yield { op: 'add', leftShift: [random.integer(0, largest), random.integer(0, largest)] };
  },
};
