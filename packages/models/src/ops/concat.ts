// concat: the outputs of two layers side by side, so that one layer may be made of parts with weights in several formats.
import { ModelError } from '../errors.js';
import { constantIntervals } from '../intervals.js';
import { formatShape } from '../tensor-shape.js';
import type { Node, OpDefinition } from './op-definition.js';

/** The features of the first tensor, then those of the second, both int32. No arithmetic: an implementation may write them in place. */
export interface ConcatNode extends Node {
  readonly op: 'concat';
}

export const concat: OpDefinition<ConcatNode> = {
  op: 'concat',
  meaning: 'the features of a, then those of b, int32; no arithmetic',
  schema: {},
  inputs: 2,
  shape(node, inputs, who) {
    const [a, b] = inputs as readonly [(typeof inputs)[0], (typeof inputs)[0]];
    if (a!.length !== 1 || b!.length !== 1) {
      throw new ModelError(
        'shape-mismatch',
        `${who} joins tensors of shapes ${inputs.map(formatShape).join(' and ')}: features wanted, put a flatten between.`,
      );
    }
    if (node.inputs[0] === node.inputs[1]) {
      throw new ModelError('invalid-model', `${who} reads '${node.inputs[0]}' twice: two tensors wanted.`);
    }
    return [a![0] + b![0]];
  },
  type: () => 'int32',
  reference(_, [a, b], out) {
    return () => {
      out.set(a!);
      out.set(b!, a!.length);
    };
  },
  bounds({ outputShape }, inputs) {
    const output = constantIntervals(outputShape[0], 0, 0);
    const [a, b] = inputs as readonly [(typeof inputs)[0], (typeof inputs)[0]];
    for (const end of ['min', 'max'] as const) {
      output[end].set(a[end]);
      output[end].set(b[end], a[end].length);
    }
    return output;
  },
  memory: () => ({ inPlace: true, channelwise: 'no' }),
  describe: () => 'concat',
  *random() {
    yield { op: 'concat' };
  },
};
