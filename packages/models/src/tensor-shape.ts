// Arithmetic on tensor shapes.
import type { Shape } from './quantized-model.js';

/** Activations of a whole network may have up to this many elements: far above any microcontroller, far below a machine's memory. */
export const MAX_ACTIVATIONS = 2 ** 24;
/** Weights of a whole network, likewise. */
export const MAX_WEIGHTS = 2 ** 24;

/** Number of elements of one tensor. */
export function elementCount(shape: Shape): number {
  return shape.length === 1 ? shape[0] : shape[0] * shape[1] * shape[2];
}

/** As in messages and tables: `256` or `16×14×14`. */
export function formatShape(shape: Shape): string {
  return shape.join('×');
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}
