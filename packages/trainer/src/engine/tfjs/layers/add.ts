// The sum of two tensors; the first may be multiplied by a learned number.
import type { LayerOf } from '@bitnetmcu/models';
import type { LayerForward } from '../forward-pass.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildAdd({ name, scale }: LayerOf<'add'>, { store }: LayerBuilder): LayerForward {
  const learned = scale === 'learned' ? store.add(`${name}.scale`, [1], [1]).name : null;
  return ({ tensor, shape, computed }, pass, other) => ({
    tensor: (learned === null ? tensor : tensor.mul(pass.parameter(learned))).add(other!.tensor),
    shape,
    computed: computed || other!.computed,
  });
}
