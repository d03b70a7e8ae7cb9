// How a layer is planned: from its tensors and surroundings to operations of the passes.
import type { LayerOf, LayerType, Shape } from '@bitnetmcu/models';
import type { Random } from '../../../random.js';
import type { PlanBuilder } from '../plan-builder.js';
import type { Tensor } from '../tensor.js';

export interface LayerContext {
  readonly outputShape: Shape;
  /** How many layers read the output. */
  readonly readers: number;
  /** For initial weights; a stream of the layer's own. */
  readonly random: Random;
}

/**
 * Emits the forward pass of a layer, and registers its backward pass.
 * @param inputs what it reads, in order
 * @returns its output
 */
export type LayerPlan<T extends LayerType> = (
  plan: PlanBuilder,
  layer: LayerOf<T>,
  inputs: readonly [Tensor, ...Tensor[]],
  context: LayerContext,
) => Tensor;
