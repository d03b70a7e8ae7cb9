// What an activation function is, for everything that trains, quantizes, imports or documents it: one record a function.
import type { Arithmetic } from './arithmetic.js';

export interface Activation {
  /** The function as a formula, for documentation. */
  readonly formula: string;
  /** f(x). */
  apply<T>(math: Arithmetic<T>, x: T): T;
  /** dL/dx from x and dL/dy: gradient · f'(x). */
  backward<T>(math: Arithmetic<T>, x: T, gradient: T): T;
  /** Whether f'(f(x)) = f'(x) for every x: then training overwrites x with f(x) and takes the derivative there. */
  readonly inPlace: boolean;
  /**
   * How integer inference computes it. `rectifier`: part of norms, shifts and requantization, which clip negative numbers anyway. `table`:
   * a `lookup` node with its value for each int8, between scales that calibration finds.
   */
  readonly integerForm: 'rectifier' | 'table';
  /** The operator in ONNX, whose attributes have these values; undefined where it has none. */
  readonly onnx:
    | { readonly operator: string; readonly attributes: Readonly<Record<string, number | string>> }
    | undefined;
  /** Worked independently: x, f(x), f'(x); x exact in binary, away from where f' jumps. */
  readonly worked: readonly (readonly [x: number, y: number, slope: number])[];
}
