// The sum of two tensors.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';

export function buildAdd(_: LayerOf<'add'>): LayerForward {
  return ({ tensor, shape, computed }, _pass, other) => ({
    tensor: tensor.add(other!.tensor),
    shape,
    computed: computed || other!.computed,
  });
}
