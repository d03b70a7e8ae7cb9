// The integers of a raw feature from what it shall mean: the raw values that become two given int8.
import { ModelError } from '../errors.js';
import { curvePosition } from './raw-arithmetic.js';
import type { RawFeature } from './raw-input.js';

export interface RawFeatureRange extends Pick<RawFeature, 'name' | 'unit' | 'decimals' | 'low' | 'high'> {
  readonly curve?: RawFeature['curve'];
  /** The int8 of `low` and of `high`, as real numbers; rounded to nearest for each value. Default −128 and 127. */
  readonly ends?: readonly [number, number];
}

/**
 * Multiplier, bias and shift so that `low` becomes the first and `high` the second end, linear (or logarithmic) between them: as exact as
 * 16 bits of multiplier and 32 of the sum allow.
 * @throws ModelError `invalid-input` where low and high are not apart or the ends are no int8.
 */
export function makeRawFeature({ curve = 'linear', ends = [-128, 127], ...rest }: RawFeatureRange): RawFeature {
  const { low, high, name } = rest;
  const [first, last] = ends;
  if (!(low < high) || !(first <= last) || first < -128 || last > 127) {
    throw new ModelError(
      'invalid-input',
      `The feature ${name} cannot take ${low} … ${high} to ${first} … ${last}; low < high and ends within −128 … 127 are wanted.`,
    );
  }
  const width = high - low;
  const preShift = curve === 'linear' ? Math.max(0, Math.floor(Math.log2(width)) - 15) : width === 2 ** 32 - 1 ? 1 : 0;
  const reach = curvePosition({ low, high, curve, preShift }, high);
  for (let shift = 22; ; shift--) {
    const multiplier = Math.round(((last - first) * 2 ** shift) / reach);
    if (multiplier > 65_535) continue;
    // Half a step for rounding, and no more than what keeps the last end at most 127.
    const bias = Math.min(Math.round((first + 0.5) * 2 ** shift), 128 * 2 ** shift - 1 - reach * multiplier);
    return { ...rest, curve, preShift, multiplier, bias: Math.max(bias, -128 * 2 ** shift), shift };
  }
}
