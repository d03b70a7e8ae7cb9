// reluShift: elementwise on int32.
import type { ReluShiftNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';
import { widened } from './widen.js';

export interface ReluShiftStep extends OnBuffers {
  readonly op: 'reluShift';
  readonly count: number;
  readonly shift: number;
}

const FIELDS = { shift: 'u8' } as const;

export const reluShiftStep: StepDefinition<ReluShiftStep, typeof FIELDS> = {
  record: 'relu_shift',
  numbers: { RELU_SHIFT: 6 },
  comment: 'n elements',
  fields: FIELDS,
  number: () => 6,
  n: ({ count }) => count,
  values: ({ shift }) => ({ shift }),
  elements: () => ({ x: 'int32', y: 'int32' }),
};

export const reluShift: NodeLowering<ReluShiftNode> = {
  perChannel: () => true,
  planes: ({ node: { name, shift }, plane, result, count }) => [
    ...widened(name, plane),
    { result, inPlace: true, build: (x, y) => ({ op: 'reluShift', node: name, x, y, count, shift }) },
  ],
};
