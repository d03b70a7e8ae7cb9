// ReLU that ends at 6 (Krizhevsky 2010; Howard et al. 2017, arXiv:1704.04861).
import type { Activation } from './activation.js';

export const relu6: Activation = {
  formula: 'min(max(x, 0), 6)',
  apply: (math, x) => math.minimum(math.maximum(x, math.constant(0)), math.constant(6)),
  // f(x) is never above 6, so that the slope at 6 is 0: taken of the output it is the same.
  backward: (math, x, gradient) => {
    const below = math.whereGreater(math.constant(6), x, gradient, math.constant(0));
    return math.whereGreater(x, math.constant(0), below, math.constant(0));
  },
  inPlace: true,
  integerForm: 'table',
  onnx: undefined,
  worked: [
    [-2, 0, 0],
    [5, 5, 1],
    [8, 6, 0],
  ],
};
