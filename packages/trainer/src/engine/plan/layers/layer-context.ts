// What a layer learns about its surroundings while it is planned.
import type { Shape } from '@bitnetmcu/models';
import type { Random } from '../../../random.js';

export interface LayerContext {
  readonly outputShape: Shape;
  /** How many layers read the output. */
  readonly readers: number;
  /** For initial weights; a stream of the layer's own. */
  readonly random: Random;
}
