// add: the sum of two tensors whose scales are a power of two apart.
import { z } from 'zod';
import { constantIntervals } from '../intervals.js';
import { summedShape } from '../spatial-shapes.js';
import { type Node, type OpDefinition, pair } from './op-definition.js';

/** y = (a << leftShift[0]) + (b << leftShift[1]), int32. */
export interface AddNode extends Node {
  readonly op: 'add';
  readonly leftShift: readonly [number, number];
}

export const add: OpDefinition<AddNode> = {
  op: 'add',
  meaning: '(a << left₀) + (b << left₁), int32',
  schema: { leftShift: pair(z.int().min(0).max(15)) },
  inputs: 2,
  shape: (_, inputs, who) => summedShape(who, inputs),
  type: () => 'int32',
  reference({ node: { leftShift } }, [a, b], out) {
    const [shiftA, shiftB] = leftShift;
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = ((a![i]! << shiftA) + (b![i]! << shiftB)) | 0;
    };
  },
  bounds({ node, outputShape }, inputs, accumulator) {
    const [a, b] = inputs as readonly [(typeof inputs)[0], (typeof inputs)[0]];
    const [left, right] = [2 ** node.leftShift[0], 2 ** node.leftShift[1]];
    const output = constantIntervals(outputShape[0], 0, 0);
    for (let i = 0; i < output.min.length; i++) {
      accumulator.hold(a.min[i]! * left, a.max[i]! * left);
      accumulator.hold(b.min[i]! * right, b.max[i]! * right);
      output.min[i] = a.min[i]! * left + b.min[i]! * right;
      output.max[i] = a.max[i]! * left + b.max[i]! * right;
      accumulator.hold(output.min[i]!, output.max[i]!);
    }
    return output;
  },
  remedy: 'use smaller left shifts',
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: () => 'add',
  *random({ random }) {
    const largest = random.chance(0.05) ? 15 : 3;
    yield { op: 'add', leftShift: [random.integer(0, largest), random.integer(0, largest)] };
  },
};
