// The front end of a network on signals: which features of which frames its input is made of (docs/integer-inference.md, Features of signals).
import { z } from 'zod';
import { MAX_LABEL_LENGTH } from '../limits.js';
import type { Shape } from '../tensor-shape.js';
import { FEATURES, type Feature, featureOf } from './features/index.js';
import { filterSchema } from './filters/index.js';

/** Values of a frame: their sum fits 32 bits. */
const MAX_FRAME = 32_768;
export const MAX_CHANNELS = 64;
const MAX_DECIMALS = 9;

const featureSchemas = Object.entries(FEATURES).map(([type, { fields }]) =>
  z.strictObject({ type: z.literal(type), ...fields }),
);
const featureSchema = z.discriminatedUnion('type', featureSchemas as never) as unknown as z.ZodType<Feature>;

export const frontEndSchema = z.strictObject({
  channels: z.int().min(1).max(MAX_CHANNELS).describe('int16 values of a time step'),
  frame: z.int().min(2).max(MAX_FRAME).describe('time steps of a frame'),
  hop: z.int().min(1).max(MAX_FRAME).describe('time steps from one frame to the next'),
  frames: z.int().min(1).max(65_535).describe('frames of a sample'),
  decimals: z
    .array(z.int().min(0).max(MAX_DECIMALS))
    .optional()
    .describe('of each channel: its int16 is the value · 10^decimals; without it 0'),
  names: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(MAX_LABEL_LENGTH).describe('what the channel is called at its source'),
        unit: z.string().min(1).max(MAX_LABEL_LENGTH).optional().describe('unit of its values'),
      }),
    )
    .optional()
    .describe('of each channel; without it they are numbered'),
  filters: z.array(filterSchema).max(8).describe('in order, on each channel of each frame'),
  features: z.array(featureSchema).min(1).max(64).describe('in order, of each channel'),
});

/** What stands between a signal of int16 and the values that `input.raw` scales. */
export type FrontEnd = z.infer<typeof frontEndSchema>;

/** What each channel is called: "channel 0", … where that is not said. */
export function channelNames({ channels, names }: FrontEnd): readonly string[] {
  return Array.from({ length: channels }, (_, channel) => names?.[channel]?.name ?? `channel ${channel}`);
}

/** Time steps of a sample. */
export function windowOf({ frame, hop, frames }: FrontEnd): number {
  return frame + (frames - 1) * hop;
}

/**
 * Copies a frame of a sample.
 * @param signal channels · window values, channel-major
 * @param number which of the sample's frames, from 0
 * @param x takes channels · frame values, channel-major
 */
export function copyFrame(frontEnd: FrontEnd, signal: Int16Array, number: number, x: Int16Array): void {
  const { channels, frame, hop } = frontEnd;
  const window = windowOf(frontEnd);
  for (let c = 0; c < channels; c++) {
    const start = c * window + number * hop;
    x.set(signal.subarray(start, start + frame), c * frame);
  }
}

/** Names of the values of a frame of one channel. */
export function featureNames({ features }: FrontEnd): readonly string[] {
  return features.flatMap((feature) => featureOf(feature).names(feature));
}

/** Shape of what the network reads: [values], or [values, 1, frames] of more than one frame. */
export function frontEndShape(frontEnd: FrontEnd): Shape {
  const values = frontEnd.channels * featureNames(frontEnd).length;
  return frontEnd.frames === 1 ? [values] : [values, 1, frontEnd.frames];
}
