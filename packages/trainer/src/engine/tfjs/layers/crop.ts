// Cropping: a window of every channel.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';
import type { Tensor4D } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildCrop({ top, left, height, width }: LayerOf<'crop'>, { outputShape }: LayerBuilder): LayerForward {
  return (input, { runtime: { tf } }) => ({
    ...input,
    tensor: tf.slice(input.tensor as Tensor4D, [0, top, left, 0], [-1, height, width, -1]),
    shape: outputShape,
  });
}
