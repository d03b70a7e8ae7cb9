// Flattening: rows are channel-major already, so the output is the input under another shape.
import type { LayerOf } from '@bitnetmcu/models';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';
import type { LayerContext } from './layer-plan.js';

export function planFlatten(
  _plan: PlanBuilder,
  _layer: LayerOf<'flatten'>,
  [input]: readonly [Tensor, ...Tensor[]],
  { outputShape, readers }: LayerContext,
): Tensor {
  return { ...input, shape: outputShape, readers: readers + input.readers - 1 };
}
