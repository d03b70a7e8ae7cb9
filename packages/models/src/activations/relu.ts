// Rectified linear unit.
import type { Activation } from './activation.js';

export const relu: Activation = {
  formula: 'max(x, 0)',
  apply: (math, x) => math.maximum(x, math.constant(0)),
  backward: (math, x, gradient) => math.whereGreater(x, math.constant(0), gradient, math.constant(0)),
  inPlace: true,
  integerForm: 'rectifier',
  onnx: { operator: 'Relu', attributes: {} },
  worked: [
    [-2, 0, 0],
    [0.5, 0.5, 1],
    [3, 3, 1],
  ],
};
