// Intervals of integers: what is known of every element of a tensor, whatever the input.
import { elementCount, type Shape } from './tensor-shape.js';

/** A closed interval of integers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Bounds of a tensor: one interval a feature, or one a channel of [channels, height, width]. */
export interface Intervals {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

/** `length` times the same interval. */
export function constantIntervals(length: number, min: number, max: number): Intervals {
  return { min: new Float64Array(length).fill(min), max: new Float64Array(length).fill(max) };
}

/** Each lower bound through `low`, each upper one through `high`. */
export function mapIntervals(input: Intervals, low: (x: number) => number, high: (x: number) => number): Intervals {
  return { min: input.min.map(low), max: input.max.map(high) };
}

/** One interval an element, channel-major. */
export function perElement(input: Intervals, shape: Shape): Intervals {
  if (shape.length === 1) return input;
  const positions = shape[1] * shape[2];
  const output = constantIntervals(elementCount(shape), 0, 0);
  for (let channel = 0; channel < shape[0]; channel++) {
    output.min.fill(input.min[channel]!, channel * positions, (channel + 1) * positions);
    output.max.fill(input.max[channel]!, channel * positions, (channel + 1) * positions);
  }
  return output;
}

/** The smallest interval that holds all of them. */
export function hull(intervals: Intervals): Range {
  return {
    min: intervals.min.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    max: intervals.max.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  };
}
