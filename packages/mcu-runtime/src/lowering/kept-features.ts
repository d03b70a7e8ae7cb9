// keepFeatures, normalizeFeatures: the ShiftNorm of maps that are never in memory as int32 all at once.
import type { Buffer, OnBuffers, StepDefinition } from './step.js';

/** Features of one channel as 8 bits, until the shift that all channels share is known. Stands at the end of a channel loop. */
export interface KeepFeaturesStep extends OnBuffers {
  readonly op: 'keepFeatures';
  readonly count: number;
  /** A byte a channel. */
  readonly shifts: Buffer;
}

/** The ShiftNorm of kept features, in place. */
export interface NormalizeFeaturesStep extends OnBuffers {
  readonly op: 'normalizeFeatures';
  readonly channels: number;
  /** Of each channel. */
  readonly count: number;
  readonly shifts: Buffer;
}

const KEEP_FIELDS = { shifts: 'buffer' } as const;
const NORMALIZE_FIELDS = { shifts: 'buffer', channels: 'u16' } as const;

export const keepFeaturesStep: StepDefinition<KeepFeaturesStep, typeof KEEP_FIELDS> = {
  record: 'keep_features',
  numbers: { KEEP_FEATURES: 19 },
  comment: 'inside BNM_OP_CHANNELS, n elements of the current channel; shifts: one a channel',
  fields: KEEP_FIELDS,
  number: () => 19,
  n: ({ count }) => count,
  values: ({ shifts }) => ({ shifts }),
  elements: () => ({ x: 'int32', y: 'int8' }),
};

export const normalizeFeaturesStep: StepDefinition<NormalizeFeaturesStep, typeof NORMALIZE_FIELDS> = {
  record: 'normalize_features',
  numbers: { NORMALIZE_FEATURES: 20 },
  comment: 'n elements a channel, x is y',
  fields: NORMALIZE_FIELDS,
  number: () => 20,
  n: ({ count }) => count,
  values: ({ shifts, channels }) => ({ shifts, channels }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};
