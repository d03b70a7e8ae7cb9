// maxAbsNormRelu.
import type { CallStep, StepOf } from './c-step.js';

export const maxAbsNorm: CallStep<StepOf<'maxAbsNormRelu'>> = {
  statements: ({ count }, { x, y, runtime }) => [runtime.call('max_abs_norm_relu', x, count, y)],
};
