// topRelu.
import type { CallStep, StepOf } from './c-step.js';

export const topRelu: CallStep<StepOf<'topRelu'>> = {
  statements: ({ count }, { x, y, runtime }) => [runtime.call('top_relu', x, count, y)],
};
