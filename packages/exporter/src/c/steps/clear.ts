// clear: zeros before a loop over chosen channels.
import type { CallStep, StepOf } from './c-step.js';

export const clear: CallStep<StepOf<'clear'>> = {
  statements: ({ bytes }, { y, runtime }) => [runtime.call('clear', y, bytes)],
};
