// Preprocessing of raw samples, with what the graph itself does to its input folded in.
import type { Preprocessing, Provenance, QuantizedModel } from '@bitnetmcu/models';
import { recordedOnnx } from '@bitnetmcu/models/internal';
import type { FloatNetwork } from './float-network.js';

/** Nothing is done to a sample. */
export const NO_PREPROCESSING: Preprocessing = { divisor: 1, mean: 0, deviation: 1 };

/** (x/divisor − mean)/deviation of the caller, then x·inputFactor + inputOffset of the graph, as one preprocessing. */
export function preprocessingOf(network: FloatNetwork, given: Preprocessing = NO_PREPROCESSING): Preprocessing {
  const { inputFactor, inputOffset } = network;
  return {
    divisor: given.divisor,
    mean: given.mean - (inputOffset * given.deviation) / inputFactor,
    deviation: given.deviation / inputFactor,
  };
}

/** Where an imported network comes from: the tool, and the preprocessing in front of the graph. */
export function importProvenance(
  network: FloatNetwork,
  preprocessing: Preprocessing | undefined,
  given: Provenance | undefined,
): Provenance {
  return { tool: network.producer, onnx: { preprocessing: preprocessing ?? NO_PREPROCESSING }, ...given };
}

/** The provenance of a network that came from an ONNX graph, with the preprocessing in front of the graph; unchanged without one. */
export function noteImport(provenance: Provenance, preprocessing: Preprocessing | undefined): Provenance {
  return preprocessing === undefined ? provenance : { ...provenance, onnx: { ...provenance.onnx, preprocessing } };
}

/** The preprocessing in front of the graph that a model was imported from; the model's own where it is not known. */
export function graphPreprocessing(model: Pick<QuantizedModel, 'input' | 'provenance'>): Preprocessing {
  return recordedOnnx(model.provenance)?.preprocessing ?? model.input.preprocessing;
}
