// requantize, to int8 or within int32.
import { int32Literal } from '../c-tables.js';
import type { CallStep, StepOf } from './c-step.js';

export const requantize: CallStep<StepOf<'requantize'>> = {
  statements: ({ element, count, shift, min, max }, { x, y, runtime }) => {
    const kernel = element === 'int8' ? 'requantize' : 'requantize_i32';
    return [runtime.call(kernel, x, count, shift, int32Literal(min), int32Literal(max), y)];
  },
};
