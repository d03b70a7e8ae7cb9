// ReLU moved along the diagonal: max(x + k, 0) − k, which bends at (−k, −k) and keeps 0 at 0.
import type { Activation } from './activation.js';

function shifted(k: number): Activation {
  return {
    formula: `max(x, −${k})`,
    apply: (math, x) => math.maximum(x, math.constant(-k)),
    backward: (math, x, gradient) => math.whereGreater(x, math.constant(-k), gradient, math.constant(0)),
    inPlace: true,
    integerForm: 'table',
    onnx: undefined,
    worked: [
      [-k - 1, -k, 0],
      [-k + 0.5, -k + 0.5, 1],
      [3, 3, 1],
    ],
  };
}

export const shiftedRelu1 = shifted(1);
export const shiftedRelu2 = shifted(2);
