// What a tensor is: its shape and the type of its elements, and arithmetic on shapes.

/** Shape of one activation tensor: [features] or [channels, height, width]. */
export type Shape = readonly [number] | readonly [number, number, number];

/** A value for the vertical and one for the horizontal direction. */
export type Pair = readonly [vertical: number, horizontal: number];

/** Integer type that holds every value of a tensor by definition of its node (not by its bounds). */
export type TensorType = 'int8' | 'int32';

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
