// chooseGroups and maskChannels: marks for channels by scores of their groups, and what is left of a tensor.
import type { CallStep, StepOf } from './c-step.js';

export const chooseGroups: CallStep<StepOf<'chooseGroups'>> = {
  statements: ({ groups, keep, size }, { x, y, runtime }) => [runtime.call('choose_groups', x, groups, keep, size, y)],
};

export const maskChannels: CallStep<StepOf<'maskChannels'>> = {
  statements: ({ channels, bytes, chosen }, { x, y, pointer, runtime }) => [
    runtime.call('mask_channels', x, channels, bytes, pointer(chosen, 'int8', 'chosen'), y),
  ],
};
