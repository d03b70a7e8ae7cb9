// add, of two int32 tensors.
import type { CallStep, StepOf } from './c-step.js';

export const add: CallStep<StepOf<'add'>> = {
  statements: ({ b, count, multiplier, leftShift }, { x, y, pointer, runtime }) => [
    multiplier === 1
      ? runtime.call('add', x, pointer(b, 'int32'), count, ...leftShift, y)
      : runtime.call('add_scaled', x, pointer(b, 'int32'), count, multiplier, ...leftShift, y),
  ],
};
