// requantize: the shift, rounding and clipping of networks with static scales.
import { ModelError } from '../errors.js';
import { hull, mapIntervals } from '../intervals.js';
import { int32, type Node, type OpDefinition, rightShift } from './op-definition.js';

/**
 * Fixed requantization of static-scale networks: y = clip((acc + (1 << shift >> 1)) >> shift, min, max); min = 0 is a ReLU.
 * The output is int8 where min ≥ −128 and max ≤ 127, else int32.
 */
export interface RequantizeNode extends Node {
  readonly op: 'requantize';
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

export const requantize: OpDefinition<RequantizeNode, boolean> = {
  op: 'requantize',
  meaning: 'clip((acc + (1 << shift >> 1)) >> shift, min, max)',
  schema: { shift: rightShift, min: int32, max: int32 },
  inputs: 1,
  shape({ min, max }, [input], who) {
    if (min <= max) return input!;
    throw new ModelError('invalid-model', `${who} clips to ${min} … ${max}: min no larger than max wanted.`);
  },
  type: ({ min, max }) => (min >= -128 && max <= 127 ? 'int8' : 'int32'),
  reference({ node }, [x], out) {
    const f = clippedShift(node);
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = f(x![i]!);
    };
  },
  bounds({ node }, [input], accumulator) {
    const { min, max } = hull(input!);
    const rounding = (1 << node.shift) >> 1;
    accumulator.hold(min + rounding, max + rounding);
    const f = clippedShift(node);
    return mapIntervals(input!, f, f);
  },
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: ({ shift, min, max }) => `requantize ${shift} [${min}, ${max}]`,
  *random({ random, bounds: { min, max } }, toInt8 = random.chance(0.7)) {
    const bits = Math.ceil(Math.log2(Math.max(1, max, -min)));
    // Few values come near the bounds.
    const kept = random.chance(0.5) ? random.integer(7, 11) : random.integer(10, 16);
    const shift = Math.max(0, Math.min(30, bits - kept));
    const limit = toInt8 ? 127 : random.integer(128, 2 ** random.integer(8, 20));
    const low = random.pick([0, 0, 0, -limit - 1, -limit - 1, -random.integer(0, limit)]);
    const high = random.pick([limit, limit, limit, limit, random.integer(Math.ceil(limit / 2), limit)]);
    yield { op: 'requantize', shift, min: low, max: high };
  },
};

function clippedShift({ shift, min, max }: RequantizeNode): (x: number) => number {
  const rounding = (1 << shift) >> 1;
  return (x) => Math.min(max, Math.max(min, (x + rounding) >> shift));
}
