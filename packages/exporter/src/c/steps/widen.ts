// widen: int8 becomes int32.
import type { CallStep, StepOf } from './c-step.js';

export const widen: CallStep<StepOf<'widen'>> = {
  statements: ({ count }, { x, y, runtime }) => [runtime.call('widen', x, count, y)],
};
