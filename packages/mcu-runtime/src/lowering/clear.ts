// clear: zeros where a channel loop writes that does not run for all channels.
import type { OnBuffers, StepDefinition } from './step.js';

/** Of y, which is x. */
export interface ClearStep extends OnBuffers {
  readonly op: 'clear';
  readonly bytes: number;
}

const FIELDS = { bytes: 'u32' } as const;

export const clearStep: StepDefinition<ClearStep, typeof FIELDS> = {
  record: 'clear',
  numbers: { CLEAR: 35 },
  comment: 'x is y; n is 0',
  fields: FIELDS,
  number: () => 35,
  n: () => 0,
  values: ({ bytes }) => ({ bytes }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};
