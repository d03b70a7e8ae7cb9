// Fixed clipping: the same s in every epoch.
import { requirePositive } from './options.js';
import type { ClippingPolicy } from './policy.js';

/** s = value. @throws QuantError `invalid-option` unless `value` is positive and finite. */
export function fixedClip(value: number): ClippingPolicy {
  requirePositive('value', value);
  return () => value;
}
