// keepFeatures and normalizeFeatures: activations of a channel loop with a shift a channel, then with one for all.
import type { CallStep, StepOf } from './c-step.js';

export const keepFeatures: CallStep<StepOf<'keepFeatures'>> = {
  statements: ({ shifts, count }, { x, y, pointer, channel, runtime }) => [
    `${pointer(shifts, 'int8', 'shifts')}[${channel}] = (int8_t)${runtime.call('keep_features', x, count, y)}`,
  ],
};

export const normalizeFeatures: CallStep<StepOf<'normalizeFeatures'>> = {
  statements: ({ channels, count, shifts }, { y, pointer, runtime }) => [
    runtime.call('normalize_features', y, channels, count, pointer(shifts, 'int8', 'shifts')),
  ],
};
