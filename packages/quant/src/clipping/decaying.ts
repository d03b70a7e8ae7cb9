// Decaying clipping: from wide to tight (or back) over the first epochs, so that outliers are clipped gently.
import { requireEpoch, requirePositive } from './options.js';
import { type ClippingPolicy, meanMagnitude } from './policy.js';

/**
 * s = f · mean|w| where f goes linearly from `start` in epoch 0 to `end` in epoch `epochs`, and stays there.
 * @throws QuantError `invalid-option` unless start and end are positive and epochs is an integer ≥ 1.
 */
export function decayingClip(start: number, end: number, epochs: number): ClippingPolicy {
  requirePositive('start', start);
  requirePositive('end', end);
  requireEpoch('epochs', epochs, 1);
  return ({ weights, epoch }) => {
    const progress = Math.min(epoch / epochs, 1);
    return (start + (end - start) * progress) * meanMagnitude(weights);
  };
}
