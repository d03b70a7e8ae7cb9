// Keys that data sets of one's own share: names of classes, and how a test part is split off.
import { TASKS } from '@bitnetmcu/models/internal';
import { z } from 'zod';

export const path = z.string().min(1);

export const testShare = z
  .number()
  .gt(0)
  .max(0.9)
  .default(0.15)
  .describe('share of the samples that becomes the test part where there is none');

export const splitBy = z
  .enum(['stratified', 'random'])
  .default('stratified')
  .describe(
    'how test and validation samples are chosen: stratified takes the same share of every class, and recordings (groups) as a whole; random draws from all',
  );

/** How rows and arrays are divided: unlike other samples they may be moments of one recording. */
export const rowsSplitBy = z
  .enum(['stratified', 'blocks', 'random'])
  .default('stratified')
  .describe(
    'how test and validation samples are chosen: stratified takes the same share of every class, and recordings (groups) as a whole; blocks keeps neighbouring rows together, for logs whose single rows are samples; random draws from all',
  );

const labels = z
  .array(z.string().min(1))
  .min(2)
  .max(65_535)
  .optional()
  .describe('class names in the order of their numbers');

export const tasks = {
  task: z
    .enum(TASKS)
    .optional()
    .describe(
      'what is learned: classification (default), regression (the label column is a number), anomaly (what normal samples look like), multiLabel (several labels a sample)',
    ),
  normal: z
    .string()
    .min(1)
    .optional()
    .describe(
      'task anomaly: the class that is normal; default: the only one, or one called normal, ok, good, healthy, 0',
    ),
};

export const common = { ...tasks, labels, testShare, splitBy };

export const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low !== high, 'the two ends of a range differ')
  .optional()
  .describe(
    'the two values that become the bytes 0 and 255, for all columns alike (as pixels have them); without it every column or channel is scaled by itself',
  );

export const rawType = z
  .enum(['u8', 'i16', 'i32', 'f32'])
  .optional()
  .describe(
    'C type of the raw values that the exported function takes; without it 16-bit integers where they hold all values, else 32-bit',
  );

export const curve = z
  .enum(['auto', 'linear'])
  .optional()
  .describe(
    'how values become int8: auto, 32 steps a deviation, and skewed columns of tables without negative values by their logarithm; linear, steps of the least squared error and no logarithm (default: auto; of import linear)',
  );

export const constants = z
  .enum(['drop', 'keep'])
  .default('drop')
  .describe('columns that have one value in all training samples: leave them out, or keep their place in the sample');
