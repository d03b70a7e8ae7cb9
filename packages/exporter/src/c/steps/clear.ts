// clear: zeros before a loop over chosen channels, in bytes whatever the elements are.
import type { CallStep, StepOf } from './c-step.js';

export const clear: CallStep<StepOf<'clear'>> = {
  statements: ({ bytes }, { y, runtime }) => [runtime.call('clear', `(int8_t *)${y}`, bytes)],
};
