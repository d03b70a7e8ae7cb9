// reluShift: y = max(acc, 0) >> shift.
import { mapIntervals } from '../intervals.js';
import { type Node, type OpDefinition, rightShift } from './op-definition.js';

/** y = max(acc, 0) >> shift (no rounding, no clipping: int32 stays int32). */
export interface ReluShiftNode extends Node {
  readonly op: 'reluShift';
  readonly shift: number;
}

export const reluShift: OpDefinition<ReluShiftNode> = {
  op: 'reluShift',
  meaning: 'max(acc, 0) >> shift, int32',
  schema: { shift: rightShift },
  inputs: 1,
  shape: (_, [input]) => input!,
  type: () => 'int32',
  reference({ node: { shift } }, [x], out) {
    return () => {
      for (let i = 0; i < out.length; i++) out[i] = Math.max(0, x![i]!) >> shift;
    };
  },
  bounds({ node: { shift } }, [input]) {
    const f = (x: number) => Math.max(0, x) >> shift;
    return mapIntervals(input!, f, f);
  },
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: ({ shift }) => `reluShift ${shift}`,
  /** A shift that leaves 6 to 20 bits, rarely any shift. */
  *random({ random, bounds }) {
    const bits = Math.ceil(Math.log2(Math.max(1, bounds.max)));
    const any = random.chance(0.02);
    yield { op: 'reluShift', shift: any ? random.integer(0, 30) : Math.max(0, bits - random.integer(6, 20)) };
  },
};
