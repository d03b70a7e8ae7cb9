// The keys of data sets from pictures in class folders.
import { z } from 'zod';
import { path, splitBy, tasks, testShare } from './common-spec.js';
import { skipDamaged } from './wav/recordings-spec.js';

const side = z.int().min(1).max(4096);

export const folderSpec = z.strictObject({
  kind: z.literal('folder'),
  train: path.describe('folder with one folder of PNG or JPEG files for each class'),
  test: path.optional().describe('folder of the test part, with the same classes'),
  channels: z
    .union([z.literal(1), z.literal(3), z.literal('auto')])
    .default(1)
    .describe('1: grey, 3: red, green, blue; auto: 3 where the pictures have colours'),
  size: z
    .tuple([side, side])
    .optional()
    .describe(
      'height and width that pictures are brought to; without it their own where all have the same, else what is in the middle, at most 64 pixels',
    ),
  background: z
    .union([z.int().min(0).max(255), z.literal('ignore')])
    .default(255)
    .describe('grey behind transparent pixels: 0 black … 255 white; ignore: their stored colour'),
  skipDamaged,
  testShare,
  splitBy,
  ...tasks,
});
