// What a layer learns about its surroundings while it is built.
import type { Shape } from '@bitnetmcu/models';
import type { Random } from '../../../random.js';
import type { ParameterStore } from '../parameters.js';

export interface LayerBuilder {
  readonly store: ParameterStore;
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /** For initial weights and dropout; a stream of the layer's own. */
  readonly random: Random;
}
