// Trained networks with biases or sums: their integers need scales that are known beforehand, found on calibration samples.
import { type QuantizedModel, type TrainedNetwork, validateTrainedNetwork } from '@bitnetmcu/models';
import { ExporterError } from '../../errors.js';
import { fromTrainedNetwork } from '../../float/from-trained-network.js';
import type { StaticOptions } from './options.js';
import { quantizeStatic } from './quantize-static.js';
import { splitTail, tailObstacle } from './scale-free-tail.js';

/** The first layer that needs fixed scales, and why. */
export interface StaticScalesReason {
  readonly layer: string;
  readonly reason: string;
}

/**
 * Why quantizeNetwork needs calibration samples for a network; undefined where it needs none.
 * A bias of zeros needs none.
 */
export function staticScalesReason({ spec, parameters }: TrainedNetwork): StaticScalesReason | undefined {
  for (const layer of spec.layers) {
    if (layer.type === 'add') return { layer: layer.name, reason: 'adds two tensors' };
    if (parameters[`${layer.name}.bias`]?.some((bias) => bias !== 0)) {
      return { layer: layer.name, reason: 'has a bias' };
    }
  }
  return undefined;
}

/**
 * A trained network as an integer network with static scales. Weights keep the codes of training.
 *
 * Scales of activations are powers of two apart, chosen on the samples; biases are int32 on the accumulators' scale. The summands of an
 * `add` are brought to one scale by shifts, and by a multiplication with an integer of 64 … 127 (a depthwise 1×1 convolution) where
 * their weights' scales are no power of two apart. Layers behind a layer with a norm are scale-free, as everywhere.
 * @param options as for quantizeOnnx; preprocessing, labels and name are the network's.
 * @throws ExporterError `onnx-calibration`, `unsupported-graph` (a bias or sum behind a norm); ModelError for wrong parameters.
 */
export function quantizeWithStaticScales(
  trained: TrainedNetwork,
  options: Omit<StaticOptions, 'preprocessing'> = {},
): QuantizedModel {
  validateTrainedNetwork(trained);
  const { labels, provenance, spec } = trained;
  const network = fromTrainedNetwork(trained);
  for (const layer of splitTail(network).tail) {
    const obstacle = tailObstacle(layer);
    if (obstacle) {
      throw new ExporterError(
        'unsupported-graph',
        `layer ${obstacle.layer} ${obstacle.reason} behind a norm, which gives every sample a scale of its own; set "norm": "none" in it and in the linear layers before it, and train again`,
        { layer: obstacle.layer },
      );
    }
  }
  return quantizeStatic(network, {
    labels,
    ...options,
    provenance: { ...provenance, ...options.provenance },
    preprocessing: spec.input.preprocessing,
  }).model;
}
