// What a layer learns about its surroundings while it is built.
import type { LayerOf, LayerType, Shape } from '@bitnetmcu/models';
import type { Random } from '../../../random.js';
import type { LayerForward } from '../forward-pass.js';
import type { ParameterStore } from '../parameters.js';
import type { CustomLayers } from './custom.js';

export interface LayerBuilder {
  readonly store: ParameterStore;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** Layers of the user's own. */
  readonly custom: CustomLayers;
  /** For initial weights and dropout; a stream of the layer's own. */
  readonly random: Random;
}

/** Registers a layer's parameters; gives what it computes in every pass. */
export type LayerBuild<T extends LayerType> = (layer: LayerOf<T>, builder: LayerBuilder) => LayerForward;
