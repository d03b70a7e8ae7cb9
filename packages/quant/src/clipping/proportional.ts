// Proportional clipping: s follows the mean magnitude of the weights.
import { requirePositive } from './options.js';
import { type ClippingPolicy, meanMagnitude } from './policy.js';

/** s = factor · mean|w|. @throws QuantError `invalid-option` unless `factor` is positive and finite. */
export function proportionalClip(factor: number): ClippingPolicy {
  requirePositive('factor', factor);
  return ({ weights }) => factor * meanMagnitude(weights);
}
