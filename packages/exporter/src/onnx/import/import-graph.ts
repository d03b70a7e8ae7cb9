// ONNX graph → FloatNetwork in one call.

import type { FloatNetwork } from '../../float/float-network.js';
import type { OnnxGraph } from '../ir/graph.js';
import { mapToFloatNetwork } from './map-nodes.js';
import { specialize } from './specialize.js';

export interface ImportGraphOptions {
  /** Name of the network. Default `onnx`. */
  readonly name?: string;
  /** Shape of one sample, where the file leaves dimensions besides the batch symbolic. */
  readonly inputShape?: readonly number[];
}

/**
 * The layers that a graph consists of: constants folded, batch norms folded, norms and quantization recognized.
 * @throws UnsupportedGraphError listing every node without an integer form; ExporterError as `specialize`.
 */
export function importFloatNetwork(graph: OnnxGraph, options: ImportGraphOptions = {}): FloatNetwork {
  return mapToFloatNetwork(specialize(graph, options.inputShape), options.name ?? 'onnx');
}
