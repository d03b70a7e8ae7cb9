// Accumulators with less resolution, where int32 has no room for what follows.
import type { QuantizedNode } from '@bitnetmcu/models';
import type { IntegerTensor } from './integer-tensor.js';

/** Takes a node into the network that is being built. */
export type Append = (node: QuantizedNode) => void;

/** round(x / 2^shift) as the node `name`, shift at least 1. */
export function shiftedRight(x: IntegerTensor, shift: number, name: string, append: Append): IntegerTensor {
  append({ name, inputs: [x.node], op: 'requantize', shift, min: -(2 ** 31), max: 2 ** 31 - 1 });
  return {
    ...x,
    node: name,
    type: 'int32',
    scale: x.scale * 2 ** shift,
    bound: Math.ceil(x.bound / 2 ** shift),
    values: x.values.map((value) => Math.floor((value + 2 ** (shift - 1)) / 2 ** shift)),
  };
}
