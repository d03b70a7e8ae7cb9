// What a feature of the front end is: a few integers from one frame of one channel. One file a feature, registered in features/index.ts.
import type { z } from 'zod';

/** One kind of feature. T is its entry in a front end, with its `type`. */
export interface FeatureDefinition<T = unknown> {
  /** Its number in the C runtime; never changes. */
  readonly number: number;
  /** The row of docs/integer-inference.md. */
  readonly meaning: string;
  /** Its fields besides `type`. */
  readonly fields: Readonly<Record<string, z.ZodType>>;
  /** What each of its values is called. */
  names(feature: T): readonly string[];
  /** What is wrong with it for frames of so many values; undefined: nothing. */
  fault?(feature: T, frame: number): string | undefined;
  /** @param x a frame of one channel */
  compute(feature: T, x: Int16Array): ArrayLike<number>;
}
