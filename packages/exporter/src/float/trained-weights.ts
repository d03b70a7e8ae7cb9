// The codes of a trained layer's weights: as quantization-aware training saw them, by the clipping scalars that it ended with.
import type { TrainedNetwork } from '@bitnetmcu/models';
import type { QuantizedWeights, WeightedLayer } from '@bitnetmcu/models/internal';
import {
  clippingPolicy,
  type FormatName,
  inverseScalesFromClips,
  quantizeWeights,
  updateClips,
} from '@bitnetmcu/quant';
import {
  formatsWithZero,
  MAX_CLIP,
  MIN_CLIP,
  powerOfTwoClips,
  scaleOfInverse,
  zeroCode,
} from '@bitnetmcu/quant/internal';
import { ExporterError } from '../errors.js';

export interface TrainedWeights extends Pick<QuantizedWeights, 'format' | 'codes' | 'outputShifts'> {
  /** What the codes stand for: on the format's grid. */
  readonly dequantized: Float32Array;
  /** Weight of the level 1 of an output without shift. */
  readonly step: number;
}

/**
 * Encodes a layer's weights [outputs·perOutput] of a network that passed validateTrainedNetwork.
 *
 * Clipping scalars come from the parameter `<layer>.clip`, or, where the network has none (an import), from the layer's clipping policy.
 * @param scalars `as-trained`: those scalars. `power-of-two`: a common one times powers of two, which integers hold as output shifts: the same
 * ones where training kept them so (quant's updateClips does), else each moves by at most a factor of √2 and the codes are those of the moved
 * scalar.
 * Masked weights are 0.
 * @throws ExporterError `invalid-weights` where single weights are masked in a format without a 0
 * @returns undefined for float weights (the format `None`).
 */
export function trainedWeights(
  trained: TrainedNetwork,
  layer: WeightedLayer,
  outputs: number,
  scalars: 'as-trained' | 'power-of-two',
): TrainedWeights | undefined {
  const { format, scaling } = layer.weights;
  if (format === 'None') return undefined;
  const weights = trained.parameters[`${layer.name}.weight`]!;
  const clips = clipsOf(trained, layer, format, outputs);
  const rounded = scalars === 'power-of-two' && scaling === 'PerOutput' ? powerOfTwoClips(clips) : undefined;
  const inverseScales = inverseScalesFromClips(format, rounded?.clips ?? clips);
  const { codes, dequantized } = quantizeWeights(format, weights, { outputs, inverseScales });
  maskCodes(trained, layer, codes, dequantized);
  const shifts = rounded?.shifts;
  return {
    format,
    codes,
    dequantized,
    step: scaleOfInverse(inverseScales.reduce((finest, inverse) => Math.max(finest, inverse), 0)),
    ...(shifts?.some((shift) => shift > 0) ? { outputShifts: shifts } : {}),
  };
}

function maskCodes(
  { parameters }: TrainedNetwork,
  { name, weights: { format } }: WeightedLayer,
  codes: Uint8Array,
  dequantized: Float32Array,
): void {
  const mask = parameters[`${name}.mask`];
  if (!mask?.includes(0) || format === 'None') return;
  const zero = zeroCode(format);
  if (zero === undefined) {
    throw new ExporterError(
      'invalid-weights',
      `Layer ${name} has pruned weights, and its format ${format} has no 0 for them; prune whole neurons or channels, or train with one of ${formatsWithZero().join(', ')}`,
      { layer: name },
    );
  }
  mask.forEach((value, i) => {
    if (value !== 0) return;
    codes[i] = zero;
    dequantized[i] = 0;
  });
}

function clipsOf(trained: TrainedNetwork, layer: WeightedLayer, format: FormatName, outputs: number): Float32Array {
  const { scaling, clipping } = layer.weights;
  const weights = trained.parameters[`${layer.name}.weight`]!;
  const clips =
    trained.parameters[`${layer.name}.clip`] ??
    updateClips(format, weights, clippingPolicy(clipping), { outputs, scaling });
  return clips.map((clip) => Math.min(MAX_CLIP, Math.max(MIN_CLIP, clip)));
}
