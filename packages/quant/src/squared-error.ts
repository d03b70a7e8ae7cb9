// Squared error between weights and their dequantized values.
import { QuantError } from './errors.js';

/**
 * Σ (a − b)², in double.
 * @throws QuantError `invalid-length` where the lengths differ.
 */
export function squaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) {
    throw new QuantError(
      'invalid-length',
      `squaredError got ${a.length} and ${b.length} values; it needs two of a length.`,
    );
  }
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

/**
 * squaredError / length; 0 for two empty arrays.
 *
 * @example
 * ```ts
 * import { meanSquaredError } from '@bitnetmcu/quant';
 *
 * meanSquaredError([1, 2], [1, 4]); // 2
 * ```
 */
export function meanSquaredError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a.length === 0 ? squaredError(a, b) : squaredError(a, b) / a.length;
}
