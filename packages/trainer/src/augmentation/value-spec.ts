// What augmentation does to rows of a table and to windows of signals, as data.
import { z } from 'zod';

const passes = {
  plain: z.int().min(0).max(1).default(1).describe('1: every epoch also has the samples as they are'),
  copies: z.int().min(1).max(16).default(1).describe('changed copies of the training samples in every epoch'),
};

const signalAugmentationSchema = z.strictObject({
  kind: z.literal('signal'),
  ...passes,
  noise: z
    .number()
    .min(0)
    .max(2)
    .default(0.05)
    .describe('normal noise; its deviation as a share of that of the window, channel by channel'),
  gain: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('values times 1 ± this, uniform, one factor for all channels of a window'),
  shift: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe('± share of the window that it moves in time, uniform; the values at its ends are kept up'),
  stretch: z.number().min(0).max(0.5).default(0.05).describe('time runs 1 ± this times as fast, uniform'),
});

const tableAugmentationSchema = z.strictObject({
  kind: z.literal('table'),
  ...passes,
  noise: z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .describe('normal noise; its deviation in standard deviations of a column (32 of the 256 steps)'),
});

export type SignalAugmentation = z.infer<typeof signalAugmentationSchema>;
export type TableAugmentation = z.infer<typeof tableAugmentationSchema>;

/** The kinds, which by themselves stand for their defaults. */
export const VALUE_AUGMENTATIONS = ['signal', 'table'] as const;

/** Random changes, drawn anew for every sample in every epoch. */
export const valueAugmentationSchema = z.discriminatedUnion('kind', [
  signalAugmentationSchema,
  tableAugmentationSchema,
]);
export type ValueAugmentation = z.infer<typeof valueAugmentationSchema>;
