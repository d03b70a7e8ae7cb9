// Filters in front of the features: from a frame of one channel to one of as many values, int16. Each frame begins as if its first value had
// been there for ever, so that a frame's features are a function of the frame alone.
import { z } from 'zod';

const int16 = z.int().min(-32_768).max(32_767);
const clamp = (value: number) => Math.max(-32_768, Math.min(32_767, value));

/** Bits behind the point of a biquad's coefficients. */
export const COEFFICIENT_BITS = 13;

const differenceSchema = z.strictObject({ type: z.literal('difference') });
const biquadSchema = z.strictObject({
  type: z.literal('biquad'),
  b: z.tuple([int16, int16, int16]).describe('of x[i], x[i − 1], x[i − 2]; 8192 stands for 1'),
  a: z.tuple([int16, int16]).describe('of −y[i − 1], −y[i − 2]; 8192 stands for 1'),
  gain: int16.describe('what a constant is multiplied by; 8192 stands for 1'),
});
export const filterSchema = z.discriminatedUnion('type', [differenceSchema, biquadSchema]);
export type Filter = z.infer<typeof filterSchema>;
export type Biquad = z.infer<typeof biquadSchema>;

/** What is wrong with a filter: sums of five products must stay within 32 bits. */
export function filterFault(filter: Filter): string | undefined {
  if (filter.type === 'difference') return undefined;
  const sum = [...filter.b, ...filter.a].reduce((total, c) => total + Math.abs(c), 0);
  return sum > 65_535 ? `the coefficients of its biquad add up to ${sum}, at most 65535 (8.0) wanted` : undefined;
}

/** A frame of one channel through a filter. */
export function applyFilter(filter: Filter, x: Int16Array): Int16Array {
  switch (filter.type) {
    case 'difference':
      return x.map((value, i) => (i === 0 ? 0 : clamp(value - x[i - 1]!)));
    case 'biquad':
      return applyBiquad(filter, x);
  }
}

function applyBiquad({ b: [b0, b1, b2], a: [a1, a2], gain }: Biquad, x: Int16Array): Int16Array {
  const round = (sum: number) => clamp((sum + (1 << (COEFFICIENT_BITS - 1))) >> COEFFICIENT_BITS);
  let [x1, x2] = [x[0]!, x[0]!];
  let y1 = round(x[0]! * gain);
  let y2 = y1;
  return x.map((x0) => {
    const y = round(b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2);
    [x1, x2, y1, y2] = [x0, x1, y, y1];
    return y;
  });
}
