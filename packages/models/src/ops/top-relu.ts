// topRelu: what lies above half of a tensor's maximum, stretched so that the maximum stays.
import { mapIntervals } from '../intervals.js';
import type { Node, OpDefinition } from './op-definition.js';

/** y = max(2·acc − m, 0), m = max over the whole tensor (at least 0), int32: 2·relu(x − m/2), exact. */
export interface TopReluNode extends Node {
  readonly op: 'topRelu';
}

export const topRelu: OpDefinition<TopReluNode> = {
  op: 'topRelu',
  meaning: 'm = max over the tensor, at least 0; y = max(acc − (m − acc), 0) for acc > 0, else 0, int32',
  schema: {},
  inputs: 1,
  shape: (_, [input]) => input!,
  type: () => 'int32',
  reference(_, [x], out) {
    return () => {
      let max = 0;
      for (let i = 0; i < x!.length; i++) if (x![i]! > max) max = x![i]!;
      for (let i = 0; i < out.length; i++) {
        const acc = x![i]!;
        out[i] = acc > 0 ? Math.max(acc - (max - acc), 0) : 0;
      }
    };
  },
  // m − acc lies in 0 … m where acc > 0, and y in 0 … acc.
  bounds: (_, [input]) =>
    mapIntervals(
      input!,
      () => 0,
      (high) => Math.max(0, high),
    ),
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: () => 'topRelu',
  *random() {
    yield { op: 'topRelu' };
  },
};
