// x times a straight rise from 0 to 1 over six units, which begins at −k: k = 3 is HardSwish (hard-swish.ts).
import type { Activation } from './activation.js';

/** x · min(max(x + k, 0), 6) / 6, for 0 < k < 6. */
function xRelu6(k: number, worked: Activation['worked']): Activation {
  const end = 6 - k;
  return {
    formula: `x · min(max(x + ${k}, 0), 6) / 6`,
    apply: (math, x) => {
      const raised = math.maximum(math.add(x, math.constant(k)), math.constant(0));
      return math.multiply(x, math.multiply(math.minimum(raised, math.constant(6)), math.constant(1 / 6)));
    },
    // 0 below −k, 1 above 6 − k, x/3 + k/6 between.
    backward: (math, x, gradient) => {
      const slope = math.add(math.multiply(x, math.constant(1 / 3)), math.constant(k / 6));
      const above = math.whereGreater(x, math.constant(end), gradient, math.multiply(gradient, slope));
      return math.whereGreater(x, math.constant(-k), above, math.constant(0));
    },
    inPlace: false,
    integerForm: 'table',
    onnx: undefined,
    worked,
  };
}

export const xRelu6Plus1 = xRelu6(1, [
  [-2, 0, 0],
  [-0.5, -0.25 / 6, 0],
  [2, 1, 5 / 6],
  [6, 6, 1],
]);
export const xRelu6Plus2 = xRelu6(2, [
  [-3, 0, 0],
  [-1, -1 / 6, 0],
  [1, 0.5, 2 / 3],
  [5, 5, 1],
]);
export const xRelu6Plus4 = xRelu6(4, [
  [-5, 0, 0],
  [-1, -0.5, 1 / 3],
  [1, 5 / 6, 1],
  [3, 3, 1],
]);
