// add: elementwise on two int32 tensors.
import type { AddNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { Buffer, OnBuffers, StepDefinition } from './step.js';

export interface AddStep extends OnBuffers {
  readonly op: 'add';
  readonly b: Buffer;
  readonly count: number;
  readonly leftShift: readonly [number, number];
}

const FIELDS = { shiftX: 'u8', shiftB: 'u8', b: 'buffer' } as const;

export const addStep: StepDefinition<AddStep, typeof FIELDS> = {
  record: 'add',
  numbers: { ADD: 9 },
  comment: 'n elements of x and b',
  fields: FIELDS,
  number: () => 9,
  n: ({ count }) => count,
  values: ({ leftShift: [shiftX, shiftB], b }) => ({ shiftX, shiftB, b }),
  elements: () => ({ x: 'int32', y: 'int32' }),
};

export const add: NodeLowering<AddNode> = {
  perChannel: () => false,
  whole({ node, wideInput, output, count, push, mayShare }) {
    const a = wideInput(0);
    const b = wideInput(1);
    const elements = count(a.shape);
    const y = output('int32', a.shape);
    push({ op: 'add', node: node.name, x: a.buffer, b: b.buffer, y, count: elements, leftShift: node.leftShift });
    mayShare(a.buffer, y);
    mayShare(b.buffer, y);
  },
};
