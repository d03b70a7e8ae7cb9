// Leaky rectified linear unit with a slope of 1/8 for negative numbers.
import type { Activation } from './activation.js';

export const leakyRelu: Activation = {
  formula: 'max(x, x/8)',
  apply: (math, x) => math.maximum(x, math.multiply(x, math.constant(0.125))),
  backward: (math, x, gradient) =>
    math.whereGreater(x, math.constant(0), gradient, math.multiply(gradient, math.constant(0.125))),
  inPlace: true,
  integerForm: 'table',
  onnx: { operator: 'LeakyRelu', attributes: { alpha: 0.125 } },
  worked: [
    [-2, -0.25, 0.125],
    [0.5, 0.5, 1],
    [3, 3, 1],
  ],
};
