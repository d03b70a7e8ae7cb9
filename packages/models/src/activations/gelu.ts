// GELU with the tanh of its paper (Hendrycks and Gimpel 2016, arXiv:1606.08415): ½(1 + tanh u) is a sigmoid of 2u. At most 0.0005 from x·Φ(x).
import type { Activation } from './activation.js';
import type { Arithmetic } from './arithmetic.js';

/** 2·√(2/π), twice the factor of tanh's argument. */
const FACTOR = 2 * Math.sqrt(2 / Math.PI);
const CUBE = 0.044715;

/** σ(FACTOR · (x + CUBE·x³)). */
function gate<T>(math: Arithmetic<T>, x: T, square: T): T {
  const inner = math.add(math.constant(FACTOR), math.multiply(math.constant(FACTOR * CUBE), square));
  return math.sigmoid(math.multiply(x, inner));
}

export const gelu: Activation = {
  formula: 'x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2',
  apply: (math, x) => math.multiply(x, gate(math, x, math.multiply(x, x))),
  // σ + x·σ·(1 − σ)·FACTOR·(1 + 3·CUBE·x²)
  backward: (math, x, gradient) => {
    const square = math.multiply(x, x);
    const sigmoid = gate(math, x, square);
    const rest = math.add(math.constant(1), math.multiply(math.constant(-1), sigmoid));
    const inner = math.add(math.constant(FACTOR), math.multiply(math.constant(3 * FACTOR * CUBE), square));
    const slope = math.multiply(math.multiply(x, rest), inner);
    return math.multiply(gradient, math.multiply(sigmoid, math.add(math.constant(1), slope)));
  },
  inPlace: false,
  integerForm: 'table',
  onnx: { operator: 'Gelu', attributes: { approximate: 'tanh' } },
  // Computed with 40 decimal digits from the formula with tanh, slopes as its difference quotients.
  worked: [
    [-4, -0.00007024594819237, -0.00033512319712267],
    [-1, -0.158808009391723, -0.0829640838457826],
    [0, 0, 0.5],
    [0.5, 0.345714009825144, 0.867369903534642],
    [2, 1.95459769408778, 1.08609925662362],
  ],
};
