// Flattening, channel-major.
import type { LayerOf } from '@bitnetmcu/models';
import { flattened, type LayerForward } from '../forward-pass.js';
import type { LayerBuilder } from './layer-builder.js';

export function buildFlatten(_: LayerOf<'flatten'>, { outputShape }: LayerBuilder): LayerForward {
  return (input, pass) => ({ ...input, tensor: flattened(input, pass), shape: outputShape });
}
