// Layers without weights: flatten, crop, sums.
import type { LayerOf } from '@bitnetmcu/models';
import { flattened, type LayerForward } from '../forward-pass.js';
import type { Tensor4D } from '../tensors.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildAdd(_: LayerOf<'add'>): LayerForward {
  return ({ tensor, shape, computed }, _pass, other) => ({
    tensor: tensor.add(other!.tensor),
    shape,
    computed: computed || other!.computed,
  });
}

export function buildFlatten(_: LayerOf<'flatten'>, { outputShape }: LayerBuilder): LayerForward {
  return (input, pass) => ({ ...input, tensor: flattened(input, pass), shape: outputShape });
}

export function buildCrop({ top, left, height, width }: LayerOf<'crop'>, { outputShape }: LayerBuilder): LayerForward {
  return (input, { runtime: { tf } }) => ({
    ...input,
    tensor: tf.slice(input.tensor as Tensor4D, [0, top, left, 0], [-1, height, width, -1]),
    shape: outputShape,
  });
}
