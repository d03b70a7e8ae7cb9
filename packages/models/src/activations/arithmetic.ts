// The arithmetic that activation functions are written in. Each implementation gives it numbers, tensors or C expressions to work on,
// so that a function is written once for all of them.

/** Operations on values of one kind: float numbers, TensorFlow.js tensors, texts of C expressions. */
export interface Arithmetic<T> {
  constant(value: number): T;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
  minimum(a: T, b: T): T;
  maximum(a: T, b: T): T;
  /** 1 / (1 + e^−x). */
  sigmoid(x: T): T;
  /** `chosen` where a > b, else `other`. */
  whereGreater(a: T, b: T, chosen: T, other: T): T;
}

/** Arithmetic in doubles. */
export const FLOAT_ARITHMETIC: Arithmetic<number> = {
  constant: (value) => value,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  minimum: Math.min,
  maximum: Math.max,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  whereGreater: (a, b, chosen, other) => (a > b ? chosen : other),
};
