// An ONNX graph as the trainer takes it: what fine-tuning starts from.
import type { TrainedNetwork } from '@bitnetmcu/models';
import { type TrainedNetworkOptions, trainedNetworkOf } from '../../float/trained-network-of.js';
import type { OnnxGraph } from '../ir/graph.js';
import { importFloatNetwork } from './import-graph.js';

export interface ToTrainedNetworkOptions extends TrainedNetworkOptions {
  /** Shape of one sample, where the file leaves dimensions besides the batch symbolic. */
  readonly inputShape?: readonly number[];
}

/**
 * Reads an ONNX graph as a network with float weights. Layers on a low-bit grid keep its format and their codes; the others are trained in
 * `options.quantizer`. `quantize(network, { imported })` makes integers of it, before or after training.
 *
 * @example
 * const initial = toTrainedNetwork(await readOnnxFile('lenet.onnx'), { quantizer: '4bitsym' });
 * @throws UnsupportedGraphError listing what a NetworkSpec cannot express.
 */
export function toTrainedNetwork(graph: OnnxGraph, options: ToTrainedNetworkOptions = {}): TrainedNetwork {
  const { name, inputShape } = options;
  const network = importFloatNetwork(graph, {
    ...(name === undefined ? {} : { name }),
    ...(inputShape === undefined ? {} : { inputShape }),
  });
  return trainedNetworkOf(network, options);
}
