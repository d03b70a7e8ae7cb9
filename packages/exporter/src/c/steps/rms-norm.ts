// rmsNorm.
import type { CallStep, StepOf } from './c-step.js';

export const rmsNorm: CallStep<StepOf<'rmsNorm'>> = {
  statements: ({ count, gain }, { x, y, runtime }) => [runtime.call('rms_norm', x, count, gain, y)],
};
