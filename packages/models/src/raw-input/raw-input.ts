// What a raw sample is: which values in which order and type, and how each becomes int8 (docs/integer-inference.md, Raw values).
// Learned from training samples, kept in network and model, computed in integers on the device.
import { z } from 'zod';
import { MAX_LABEL_LENGTH } from '../limits.js';

/** C types of raw values. `f32` is rounded to an integer of 10^-decimals first; the rest is the same. */
export const RAW_TYPES = ['u8', 'i16', 'i32', 'f32'] as const;
export type RawType = (typeof RAW_TYPES)[number];

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/** The integers that a raw value of this type can be; of `f32` those that it is rounded to. */
export const RAW_TYPE_RANGES: Readonly<Record<RawType, readonly [low: number, high: number]>> = {
  u8: [0, 255],
  i16: [-(2 ** 15), 2 ** 15 - 1],
  i32: [INT32_MIN, INT32_MAX],
  f32: [INT32_MIN, INT32_MAX],
};

const int32 = z.int().min(INT32_MIN).max(INT32_MAX);

const rawFeatureSchema = z.strictObject({
  name: z.string().min(1).max(MAX_LABEL_LENGTH).describe('what the value is called at its source'),
  unit: z.string().max(50).optional(),
  decimals: z.int().min(0).max(9).describe('the integer 1 stands for 10^-decimals of the unit'),
  low: int32.describe('raw values below it count as it'),
  high: int32.describe('raw values above it count as it'),
  curve: z.enum(['linear', 'log2']),
  preShift: z.int().min(0).max(31),
  multiplier: z.int().min(0).max(65_535),
  bias: int32,
  shift: z.int().min(0).max(31),
});

/** One value of a table's row, or one channel of a signal. */
export type RawFeature = z.infer<typeof rawFeatureSchema>;

export const rawInputSchema = z.strictObject({
  kind: z
    .enum(['table', 'signal'])
    .describe('table: one feature a value; signal: one a channel, for all of its values'),
  type: z.enum(RAW_TYPES).describe('C type of a raw value'),
  features: z.array(rawFeatureSchema).min(1).max(65_535),
  hop: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .describe(
      'of signals: time steps (of features: frames) from one window to the next where samples come one after another; default half a window',
    ),
});

/** What a raw sample of a network is. */
export type RawInput = z.infer<typeof rawInputSchema>;

/**
 * The integers of a raw input stand for 1/32 of a standard deviation, or of whatever its scale was made from. As bytes they are
 * 128 more, so that (byte/32 − 4)/1 times the static scale 32 gives them back exactly.
 */
export const RAW_SCALE = 32;
export const RAW_PREPROCESSING = { divisor: RAW_SCALE, mean: 128 / RAW_SCALE, deviation: 1 } as const;
