// shiftNorm: two passes over a whole tensor.
import type { ShiftNormNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface ShiftNormStep extends OnBuffers {
  readonly op: 'shiftNormRelu';
  readonly count: number;
}

export const shiftNormStep: StepDefinition<ShiftNormStep> = {
  record: 'shift_norm_relu',
  numbers: { SHIFT_NORM_RELU: 4 },
  comment: 'n elements',
  fields: {},
  number: () => 4,
  n: ({ count }) => count,
  values: () => ({}),
  elements: () => ({ x: 'int32', y: 'int8' }),
};

export const shiftNorm: NodeLowering<ShiftNormNode> = {
  perChannel: () => false,
  whole({ node, wideInput, output, count, push, mayShare }) {
    const { buffer: x, shape } = wideInput();
    const elements = count(shape);
    const y = output('int8', shape);
    push({ op: 'shiftNormRelu', node: node.name, x, y, count: elements });
    mayShare(x, y);
  },
};
