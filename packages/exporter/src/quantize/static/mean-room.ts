// Room in int32 for the sums and products of an average pool.
import type { FloatPool2d } from '../../float/float-network.js';
import type { IntegerTensor } from './integer-tensor.js';
import { type Append, shiftedRight } from './shifted-right.js';

/** Sums of a mean times their reciprocal stay below this, with room for its rounding. */
const LARGEST_MEAN_PRODUCT = 2 ** 31 - 2 ** 17;

/** The tensor, shifted right as far as the pool needs it. */
export function withRoomForMean(input: IntegerTensor, pool: FloatPool2d, append: Append): IntegerTensor {
  const excess = Math.ceil(Math.log2((input.bound * largestMeanFactor(pool)) / LARGEST_MEAN_PRODUCT));
  return excess > 0 ? shiftedRight(input, excess, `${pool.name}.room`, append) : input;
}

/** An average pool multiplies magnitudes by up to this: the elements of a window, times a 16-bit reciprocal where those are no power of two. */
function largestMeanFactor({ size, padding, countIncludePad }: FloatPool2d): number {
  const window = size[0] * size[1];
  const same = countIncludePad || padding[0] + padding[1] === 0;
  return same && Number.isInteger(Math.log2(window)) ? window : Math.max(window, 65_536 + window / 2);
}
