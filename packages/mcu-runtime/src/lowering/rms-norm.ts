// rmsNorm: two passes over a whole int8 tensor.
import type { RmsNormNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface RmsNormStep extends OnBuffers {
  readonly op: 'rmsNorm';
  readonly count: number;
  readonly gain: number;
}

const FIELDS = { gain: 'u8' } as const;

export const rmsNormStep: StepDefinition<RmsNormStep, typeof FIELDS> = {
  record: 'rms_norm',
  numbers: { RMS_NORM: 24 },
  comment: 'n elements',
  fields: FIELDS,
  number: () => 24,
  n: ({ count }) => count,
  values: ({ gain }) => ({ gain }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};

export const rmsNorm: NodeLowering<RmsNormNode> = {
  perChannel: () => false,
  // Equal numbers stay equal.
  keepsMode: true,
  whole({ node, input, output, count, push, mayShare }) {
    const { buffer: x, shape } = input();
    const y = output('int8', shape);
    push({ op: 'rmsNorm', node: node.name, x, y, count: count(shape), gain: node.gain });
    mayShare(x, y);
  },
};
