// Clipping scalars before the first step of every epoch.
import type { EpochAction } from './epoch-action.js';

/** Clipping scalars follow the weights as each layer's policy says. */
export function updateClipping(): EpochAction {
  return { epochStarted: ({ network, epoch }) => network.updateClipping(epoch) };
}
