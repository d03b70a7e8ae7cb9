// A format's encoding rule as a table of float32 thresholds: what a kernel without rounding instructions needs, exact by construction.

import { encoderOf } from './encode.js';
import type { FormatRecord } from './format-record.js';
import { getFormat } from './registry.js';

/**
 * Ascending float32 thresholds, one fewer than levels: code = the number of thresholds t with u > t, for every float32 u.
 * Threshold k is the largest float32 that encodes to a code ≤ k, so ties fall exactly as in encoderOf.
 * (FP130's middle threshold is the subnormal −2^-149: a kernel that flushes subnormals to zero tests u < 0 instead.)
 * @throws QuantError `unknown-format`.
 */
export function encodingThresholds(format: string | FormatRecord): Float32Array {
  const { levels } = getFormat(format);
  const encode = encoderOf(format);
  return Float32Array.from({ length: levels.length - 1 }, (_, code) => {
    let below = orderOfFloat32(Number.NEGATIVE_INFINITY);
    let above = orderOfFloat32(Number.POSITIVE_INFINITY);
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (encode(float32OfOrder(middle)) <= code) below = middle;
      else above = middle;
    }
    return float32OfOrder(below);
  });
}

/** An integer that grows with the float32: the bit pattern of positive numbers, its negative −1 of negative ones. */
function orderOfFloat32(x: number): number {
  const bits = new Int32Array(Float32Array.of(x).buffer)[0]!;
  return bits >= 0 ? bits : -1 - (bits & 0x7fffffff);
}

function float32OfOrder(order: number): number {
  const bits = order >= 0 ? order : (-1 - order) | 0x80000000;
  return new Float32Array(Int32Array.of(bits).buffer)[0]!;
}
