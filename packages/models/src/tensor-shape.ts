// Arithmetic on tensor shapes.
import type { Shape } from './quantized-model.js';

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
