// Preprocessing of raw samples, with what the graph itself does to its input folded in.
import type { Preprocessing } from '@bitnetmcu/models';
import type { FloatNetwork } from './float-network.js';

/** Nothing is done to a sample. */
export const NO_PREPROCESSING: Preprocessing = { divisor: 1, mean: 0, deviation: 1 };

/** (x/divisor − mean)/deviation of the caller, then x·inputScale + inputOffset of the graph, as one preprocessing. */
export function preprocessingOf(network: FloatNetwork, given: Preprocessing = NO_PREPROCESSING): Preprocessing {
  const { inputScale, inputOffset } = network;
  return {
    divisor: given.divisor,
    mean: given.mean - (inputOffset * given.deviation) / inputScale,
    deviation: given.deviation / inputScale,
  };
}
