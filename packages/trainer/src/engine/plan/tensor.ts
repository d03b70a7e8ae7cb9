// Activations in the plan: where a tensor lies in the arena and what else is known about it.
import type { Shape } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';

/** One row a sample, features channel-major, rows `stride` floats apart; floats beyond the last feature are zero. */
export interface Tensor {
  readonly shape: Shape;
  readonly features: number;
  readonly offset: number;
  readonly stride: number;
  /** Whether any parameter lies before it, so that the backward pass must reach it. */
  readonly needsGradient: boolean;
  /** How many layers read it. */
  readonly readers: number;
  /** Per sample, the value of integer accumulator 1, where the integer inference has such an accumulator. */
  readonly unit?: number | undefined;
}

export function featuresOf(shape: Shape): number {
  return elementCount(shape);
}
