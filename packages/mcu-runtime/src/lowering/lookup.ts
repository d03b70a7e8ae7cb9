// lookup: elementwise on int8, by a table in the image.
import type { LookupNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';

export interface LookupStep extends OnBuffers {
  readonly op: 'lookup';
  readonly count: number;
  /** 256 int8, for x = −128 … 127. */
  readonly table: Int8Array;
}

const FIELDS = { table: 'table' } as const;

export const lookupStep: StepDefinition<LookupStep, typeof FIELDS> = {
  record: 'lookup',
  numbers: { LOOKUP: 21 },
  comment: 'n elements',
  fields: FIELDS,
  number: () => 21,
  n: ({ count }) => count,
  values: ({ table }) => ({ table: new Uint8Array(table.buffer) }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};

export const lookup: NodeLowering<LookupNode> = {
  perChannel: () => true,
  planes: ({ node: { name, table }, result, count }) => [
    {
      result,
      inPlace: true,
      build: (x, y) => ({ op: 'lookup', node: name, x, y, count, table: Int8Array.from(table) }),
    },
  ],
};
