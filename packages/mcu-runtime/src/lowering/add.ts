// add: elementwise on two int32 tensors; a kernel of its own where the first one is multiplied.
import type { AddNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { Buffer, OnBuffers, StepDefinition } from './step.js';

export interface AddStep extends OnBuffers {
  readonly op: 'add';
  readonly b: Buffer;
  readonly count: number;
  /** 1: none. */
  readonly multiplier: number;
  readonly leftShift: readonly [number, number];
}

const NUMBERS = { ADD: 9, ADD_SCALED: 22 } as const;
/** The multiplier in two's complement. */
const FIELDS = { shiftX: 'u8', shiftB: 'u8', multiplier: 'u8', b: 'buffer' } as const;

export const addStep: StepDefinition<AddStep, typeof FIELDS> = {
  record: 'add',
  numbers: NUMBERS,
  comment: 'n elements of x and b; multiplier: int8, of ADD_SCALED',
  fields: FIELDS,
  number: ({ multiplier }) => (multiplier === 1 ? NUMBERS.ADD : NUMBERS.ADD_SCALED),
  n: ({ count }) => count,
  values: ({ leftShift: [shiftX, shiftB], multiplier, b }) => ({ shiftX, shiftB, multiplier: multiplier & 255, b }),
  elements: () => ({ x: 'int32', y: 'int32' }),
};

export const add: NodeLowering<AddNode> = {
  perChannel: () => false,
  whole({ node, wideInput, output, count, push, mayShare }) {
    const a = wideInput(0);
    const b = wideInput(1);
    const y = output('int32', a.shape);
    const { multiplier = 1, leftShift } = node;
    push({
      ...{ op: 'add', node: node.name, x: a.buffer, b: b.buffer, y },
      ...{ count: count(a.shape), multiplier, leftShift },
    });
    mayShare(a.buffer, y);
    mayShare(b.buffer, y);
  },
};
