// Leaky rectified linear units: a small slope for negative numbers, a power of two.
import type { Activation } from './activation.js';

/** max(x, x·slope); a slope of 1/8, 1/16, … is exact in binary. */
function leaky(slope: number): Activation {
  return {
    formula: `max(x, x/${1 / slope})`,
    apply: (math, x) => math.maximum(x, math.multiply(x, math.constant(slope))),
    backward: (math, x, gradient) =>
      math.whereGreater(x, math.constant(0), gradient, math.multiply(gradient, math.constant(slope))),
    inPlace: true,
    integerForm: 'table',
    onnx: { operator: 'LeakyRelu', attributes: { alpha: slope } },
    worked: [
      [-2, -2 * slope, slope],
      [0.5, 0.5, 1],
      [3, 3, 1],
    ],
  };
}

export const leakyRelu = leaky(1 / 8);
export const leakyRelu16 = leaky(1 / 16);
