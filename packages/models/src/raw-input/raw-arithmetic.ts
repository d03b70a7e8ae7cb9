// The one definition of raw value → int8, in integers of at most 32 bits, as the C runtime computes it.
import type { RawFeature } from './raw-input.js';

/**
 * 256·log₂(n), linear between powers of two: the bit length gives the whole part, the 8 bits after the first one the fraction.
 * @param n 1 … 2³² − 1
 */
export function log2Fixed(n: number): number {
  const exponent = 31 - Math.clz32(n);
  const fraction = exponent >= 8 ? (n >>> (exponent - 8)) & 0xff : (n << (8 - exponent)) & 0xff;
  return 256 * exponent + fraction;
}

/** Where a raw integer stands on its feature's curve, 0 … 65535. */
export function curvePosition(
  { low, high, curve, preShift }: Pick<RawFeature, 'low' | 'high' | 'curve' | 'preShift'>,
  raw: number,
): number {
  const n = ((Math.min(Math.max(raw, low), high) - low) >>> 0) >>> preShift;
  return curve === 'linear' ? n : log2Fixed(n + 1);
}

/** The int8 of a raw integer. Exact in doubles: the sum is checked to fit int32 where the feature is loaded. */
export function quantizeRawValue(feature: RawFeature, raw: number): number {
  return (curvePosition(feature, raw) * feature.multiplier + feature.bias) >> feature.shift;
}
