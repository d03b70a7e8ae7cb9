// topRelu: two passes over a whole tensor.
import type { TopReluNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface TopReluStep extends OnBuffers {
  readonly op: 'topRelu';
  readonly count: number;
}

export const topReluStep: StepDefinition<TopReluStep> = {
  record: 'top_relu',
  numbers: { TOP_RELU: 23 },
  comment: 'n elements',
  fields: {},
  number: () => 23,
  n: ({ count }) => count,
  values: () => ({}),
  elements: () => ({ x: 'int32', y: 'int32' }),
};

export const topRelu: NodeLowering<TopReluNode> = {
  perChannel: () => false,
  whole({ node, wideInput, output, count, push, mayShare }) {
    const { buffer: x, shape } = wideInput();
    const y = output('int32', shape);
    push({ op: 'topRelu', node: node.name, x, y, count: count(shape) });
    mayShare(x, y);
  },
};
