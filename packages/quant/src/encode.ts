// From a scaled weight u to its code. All arithmetic is float32 (Math.fround after every operation), so that a C kernel agrees to the bit.

import { QuantError } from './errors.js';
import type { FormatRecord } from './format-record.js';
import { getFormat } from './registry.js';

/** 1.5 · 2^52: adding it to a double of magnitude below 2^51 leaves no fraction bits, so the addition rounds half to even. */
const ROUNDING_CONSTANT = 6_755_399_441_055_744;

/** Rounds to an integer, ties to even (as C's rint and torch.round); infinities and NaN stay what they are. */
export function roundHalfEven(x: number): number {
  if (Math.abs(x) < 2 ** 51) return x + ROUNDING_CONSTANT - ROUNDING_CONSTANT;
  // Up to 2^52 a number may still end in a half; beyond that it is an integer.
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (Math.abs(floor) % 2) : x;
}

/** A function from a float32 u = w · inverse scale (±Infinity where the product overflows, never NaN) to its code. */
export type Encoder = (u: number) => number;

/**
 * The encoder of a format: u is float32, in units of one level step; returns an index into `levels`.
 *
 * In C, with `float u` (compile with `-ffp-contract=off`: a fused multiply-add would skip the rounding of the product):
 * - `uniform`: `rintf(fminf(fmaxf(u - offset, min), max)) - min`
 * - `sign`: `u > 0` with u = w · inverse scale, or (w − mean) · inverse scale where centred (see weightCentre)
 * - `power-of-two`: `e = min(max(ilogbf(|u|), 0), maxExponent)`, code `u < 0 ? maxExponent - e : maxExponent + 1 + e`
 * - `nearest`: the number of `encodingThresholds(format)` below u
 *
 * @throws QuantError `unknown-format`.
 */
export function encoderOf(format: string | FormatRecord): Encoder {
  const { encoding, levels } = getFormat(format);
  switch (encoding.kind) {
    case 'uniform': {
      const { offset, min, max } = encoding;
      return (u) => roundHalfEven(Math.min(Math.max(Math.fround(u - offset), min), max)) - min;
    }
    case 'sign':
      return (u) => (u > 0 ? 1 : 0);
    case 'power-of-two': {
      const { maxExponent } = encoding;
      return (u) => {
        const magnitude = Math.abs(u);
        let exponent = 0;
        for (let bound = 2; exponent < maxExponent && magnitude >= bound; bound *= 2) exponent++;
        return u < 0 ? maxExponent - exponent : maxExponent + 1 + exponent;
      };
    }
    case 'nearest': {
      const midpoints = nearestMidpoints(levels);
      return (u) => {
        let low = 0;
        let high = midpoints.length;
        while (low < high) {
          const middle = (low + high) >>> 1;
          if (u > midpoints[middle]!) low = middle + 1;
          else high = middle;
        }
        return low;
      };
    }
    default:
      throw unknownEncoding(encoding);
  }
}

function unknownEncoding(encoding: never): QuantError {
  const found = JSON.stringify(encoding);
  return new QuantError(
    'invalid-format',
    `There is no encoding ${found}. Make formats with defineFormat, which checks them.`,
  );
}

/** The float32 nearest to the middle between consecutive levels; u goes to the upper level where it is greater. */
function nearestMidpoints(levels: Float64Array): Float32Array {
  return Float32Array.from({ length: levels.length - 1 }, (_, code) => (levels[code]! + levels[code + 1]!) / 2);
}
