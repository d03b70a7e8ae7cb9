// Freezing: a policy that is asked until an epoch and then keeps what it has.
import { requireEpoch } from './options.js';
import type { ClippingPolicy } from './policy.js';

/**
 * `policy` before epoch `freezeEpoch` (0-based), from then on the scalar so far; asked once where there is none yet.
 * @throws QuantError `invalid-option` unless freezeEpoch is an integer ≥ 0.
 */
export function frozenFrom(freezeEpoch: number, policy: ClippingPolicy): ClippingPolicy {
  requireEpoch('freezeEpoch', freezeEpoch, 0);
  return (request) =>
    request.epoch >= freezeEpoch && request.current !== undefined ? request.current : policy(request);
}
