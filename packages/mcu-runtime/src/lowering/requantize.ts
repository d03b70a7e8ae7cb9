// requantize: elementwise from int32 to int8 or int32.
import type { RequantizeNode, TensorType } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { OnBuffers, StepDefinition } from './step.js';
import { widened } from './widen.js';

export interface RequantizeStep extends OnBuffers {
  readonly op: 'requantize';
  /** Of the result. */
  readonly element: TensorType;
  readonly count: number;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

const NUMBERS = { REQUANTIZE: 7, REQUANTIZE_I32: 8 } as const;
const FIELDS = { shift: 'u8', min: 'i32', max: 'i32' } as const;

export const requantizeStep: StepDefinition<RequantizeStep, typeof FIELDS> = {
  record: 'requantize',
  numbers: NUMBERS,
  comment: 'n elements, to int8 or to int32',
  fields: FIELDS,
  number: ({ element }) => (element === 'int8' ? NUMBERS.REQUANTIZE : NUMBERS.REQUANTIZE_I32),
  n: ({ count }) => count,
  values: ({ shift, min, max }) => ({ shift, min, max }),
  elements: ({ element }) => ({ x: 'int32', y: element }),
};

export const requantize: NodeLowering<RequantizeNode> = {
  perChannel: () => true,
  planes({ node: { name, shift, min, max }, plane, result, count }) {
    const { element } = result;
    return [
      ...widened(name, plane),
      {
        result,
        inPlace: true,
        build: (x, y) => ({ op: 'requantize', node: name, element, x, y, count, shift, min, max }),
      },
    ];
  },
};
