// An ONNX graph as the trainer takes it: what fine-tuning starts from.
import type { TrainedNetwork } from '@bitnetmcu/models';
import { RAW_PREPROCESSING, type RawInput } from '@bitnetmcu/models/internal';
import { NO_PREPROCESSING } from '../../float/preprocessing.js';
import { onRawValues, type StandardizedColumns } from '../../float/raw-values.js';
import { type TrainedNetworkOptions, trainedNetworkOf } from '../../float/trained-network-of.js';
import type { OnnxGraph } from '../ir/graph.js';
import { importFloatNetwork } from './import-graph.js';

export interface ToTrainedNetworkOptions extends TrainedNetworkOptions {
  /** Shape of one sample, where the file leaves dimensions besides the batch symbolic. */
  readonly inputShape?: readonly number[];
  /** What a raw sample is, as for `quantize`: the network then reads int8/32 of it. */
  readonly raw?: RawInput;
  /** With `raw`, as for `quantize`. */
  readonly standardized?: StandardizedColumns | undefined;
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
  const { name, inputShape, raw, standardized, ...rest } = options;
  const network = importFloatNetwork(graph, {
    ...(name === undefined ? {} : { name }),
    ...(inputShape === undefined ? {} : { inputShape }),
  });
  if (raw === undefined) return trainedNetworkOf(network, { ...rest, ...(name === undefined ? {} : { name }) });
  const { preprocessing } = options;
  const values = onRawValues(network, { raw, standardized, preprocessing });
  const trained = trainedNetworkOf(values, {
    ...rest,
    ...(name === undefined ? {} : { name }),
    preprocessing: RAW_PREPROCESSING,
  });
  const { spec, provenance } = trained;
  const onnx = { preprocessing: preprocessing ?? NO_PREPROCESSING, ...(standardized && { standardized }) };
  return { ...trained, spec: { ...spec, input: { ...spec.input, raw } }, provenance: { ...provenance, onnx } };
}
