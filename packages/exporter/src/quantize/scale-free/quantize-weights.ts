// One layer's float weights → codes, with the clipping scalars that training used.
import type { QuantizedWeights, TrainedNetwork, WeightedLayer } from '@bitnetmcu/models';
import {
  clippingPolicy,
  type FormatName,
  MAX_CLIP,
  MIN_CLIP,
  powerOfTwoClips,
  quantizeWeights,
  scalesFromClips,
  updateClips,
} from '@bitnetmcu/quant';
import { ExporterError } from '../../errors.js';

/**
 * Quantizes a layer's weights [outputs·perOutput] of a network that passed validateTrainedNetwork.
 *
 * Clipping scalars come from the parameter `<layer>.clip`, or, where the network has none (an import), from the layer's clipping policy.
 * Per-output scalars become a common one times powers of two, which the model holds as output shifts: exactly, where training kept them so
 * (quant's updateClips does), else each moves by at most a factor of √2 and the codes are those of the moved scalar.
 * @throws ExporterError `float-layer` for the format `None`.
 */
export function quantizeLayerWeights(trained: TrainedNetwork, layer: WeightedLayer, outputs: number): QuantizedWeights {
  const { format, scaling } = layer.weights;
  if (format === 'None') {
    throw new ExporterError(
      'float-layer',
      `layer ${layer.name} has float weights ("format": "None"), which no integer network holds; set its format (for example "8bit") and train or fine-tune`,
      { layer: layer.name },
    );
  }
  const weights = trained.parameters[`${layer.name}.weight`]!;
  const given = trained.parameters[`${layer.name}.clip`] ?? policyClips(format, layer, weights, outputs);
  const clips = given.map((clip) => Math.min(MAX_CLIP, Math.max(MIN_CLIP, clip)));
  const encode = (scalars: ArrayLike<number>) =>
    quantizeWeights(format, weights, { outputs, scales: scalesFromClips(format, scalars) }).codes;
  if (scaling === 'PerTensor') return { format, codes: encode(clips) };
  const { clips: rounded, shifts } = powerOfTwoClips(clips);
  return { format, codes: encode(rounded), ...(shifts.some((shift) => shift > 0) ? { outputShifts: shifts } : {}) };
}

function policyClips(format: FormatName, layer: WeightedLayer, weights: Float32Array, outputs: number): Float32Array {
  const { scaling, clipping } = layer.weights;
  return updateClips(format, weights, clippingPolicy(clipping), { outputs, scaling });
}
