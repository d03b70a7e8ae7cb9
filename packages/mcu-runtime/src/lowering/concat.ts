// concat: no step, the layers write their outputs side by side.
import type { ConcatNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';

export const concat: NodeLowering<ConcatNode> = {
  perChannel: () => false,
  whole({ input, output, join, resolved }) {
    join([input(0), input(1)], output('int32', resolved.outputShape));
  },
};
