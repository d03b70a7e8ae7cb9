// The steps that learned bits begin with.
import type { Quantizer } from '@bitnetmcu/models';
import { clippingPolicy, updateClips, type WeightFormat } from '@bitnetmcu/quant';
import { logarithm2 } from '@bitnetmcu/quant/internal';

/** log2 of the step that the clipping policy has for the weights in the layer's format: one, or one an output. */
export function firstExponents(
  format: WeightFormat,
  weights: Float32Array,
  { per, clipping }: Pick<NonNullable<Quantizer['learnedBits']>, 'per'> & Pick<Quantizer, 'clipping'>,
  outputs: number,
): Float32Array {
  const scaling = per === 'channel' ? 'PerOutput' : 'PerTensor';
  const clips = updateClips(format, weights, clippingPolicy(clipping), { outputs, scaling });
  return clips.map((clip) => logarithm2(clip / format.scaleNumerator));
}
