// reluShift.
import type { CallStep, StepOf } from './c-step.js';

export const reluShift: CallStep<StepOf<'reluShift'>> = {
  statements: ({ count, shift }, { x, y, runtime }) => [runtime.call('relu_shift', x, count, shift, y)],
};
