// maxAbsNorm: two passes over a whole tensor, the second with a division.
import type { MaxAbsNormNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface MaxAbsNormStep extends OnBuffers {
  readonly op: 'maxAbsNormRelu';
  readonly count: number;
}

export const maxAbsNormStep: StepDefinition<MaxAbsNormStep> = {
  record: 'max_abs_norm_relu',
  numbers: { MAX_ABS_NORM_RELU: 16 },
  comment: 'n elements',
  fields: {},
  number: () => 16,
  n: ({ count }) => count,
  values: () => ({}),
  elements: () => ({ x: 'int32', y: 'int8' }),
};

export const maxAbsNorm: NodeLowering<MaxAbsNormNode> = {
  perChannel: () => false,
  whole({ node, wideInput, output, count, push, mayShare }) {
    const { buffer: x, shape } = wideInput();
    const elements = count(shape);
    const y = output('int8', shape);
    push({ op: 'maxAbsNormRelu', node: node.name, x, y, count: elements });
    mayShare(x, y);
  },
};
