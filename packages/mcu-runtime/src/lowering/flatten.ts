// flatten: no step, the same buffer under another shape.
import { elementCount, type FlattenNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';

export const flatten: NodeLowering<FlattenNode> = {
  perChannel: () => false,
  keepsMode: true,
  whole({ input, rename }) {
    const tensor = input();
    rename({ ...tensor, shape: [elementCount(tensor.shape)] });
  },
};
