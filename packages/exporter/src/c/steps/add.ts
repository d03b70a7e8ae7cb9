// add, of two int32 tensors.
import type { CallStep, StepOf } from './c-step.js';

export const add: CallStep<StepOf<'add'>> = {
  statements: ({ b, count, leftShift }, { x, y, pointer, runtime }) => [
    runtime.call('add', x, pointer(b, 'int32'), count, ...leftShift, y),
  ],
};
