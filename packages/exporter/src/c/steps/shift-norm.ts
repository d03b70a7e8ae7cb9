// shiftNormRelu.
import type { CallStep, StepOf } from './c-step.js';

export const shiftNorm: CallStep<StepOf<'shiftNormRelu'>> = {
  statements: ({ count }, { x, y, runtime }) => [runtime.call('shift_norm_relu', x, count, y)],
};
