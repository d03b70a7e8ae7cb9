// crop, of one plane.
import { type CallStep, type StepOf, SUFFIX } from './c-step.js';

export const crop: CallStep<StepOf<'crop'>> = {
  statements: ({ element, width, top, left, outHeight, outWidth }, { x, y, runtime }) => [
    runtime.call(`crop_${SUFFIX[element]}`, x, width, top, left, outHeight, outWidth, y),
  ],
};
