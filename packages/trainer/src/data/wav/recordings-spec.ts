// The keys of data sets from WAV files in class folders.
import { z } from 'zod';
import { path, rawType, splitBy, tasks, testShare } from '../common-spec.js';
import { featureKeys } from '../features-spec.js';
import { MAX_WAV_RATE } from './parse-wav.js';

export const skipDamaged = z
  .boolean()
  .default(false)
  .describe('leave out files that cannot be read, and say how many; without it the first one is an error');

export const recordingsSpec = z.strictObject({
  kind: z.literal('recordings'),
  train: path.describe('folder with one folder of WAV files for each class'),
  test: path.optional().describe('folder of the test part, with the same classes'),
  rate: z
    .int()
    .min(1)
    .max(MAX_WAV_RATE)
    .optional()
    .describe('samples a second (Hz) that recordings are brought to; without it the lowest that occurs'),
  window: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe('values of a sample; without it a second of sound, or the longest recording where that is shorter'),
  hop: z
    .int()
    .min(1)
    .max(10_000_000)
    .optional()
    .describe('values from the beginning of one window to that of the next; without it half a window'),
  groupEnd: z
    .string()
    .min(1)
    .max(20)
    .optional()
    .describe(
      'files whose names agree up to this text belong together and stay in one part: "_" for anna_1.wav and anna_2.wav; without it every file stands for itself',
    ),
  skipDamaged,
  ...featureKeys,
  rawType: rawType.default('i16'),
  testShare,
  splitBy,
  ...tasks,
});

export type RecordingsSpec = z.infer<typeof recordingsSpec>;
