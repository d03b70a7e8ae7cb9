// Pooling without padding.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';
import type { Tensor4D } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildMaxPool(
  { size, stride = size }: LayerOf<'maxPool2d'>,
  { outputShape }: LayerBuilder,
): LayerForward {
  return (input, { runtime: { tf } }) => ({
    ...input,
    tensor: tf.maxPool(input.tensor as Tensor4D, size, stride, 'valid'),
    shape: outputShape,
  });
}

export function buildAveragePool(
  { size, stride = size }: LayerOf<'avgPool2d'>,
  { outputShape }: LayerBuilder,
): LayerForward {
  return ({ tensor, computed }, { runtime: { tf } }) => ({
    tensor: tf.avgPool(tensor as Tensor4D, size, stride, 'valid'),
    shape: outputShape,
    computed,
  });
}
