// x · max(x + k, 0) / 6: HardSwish without its upper bend, a parabola above −k. Without k and divisor it is ReLU² (So et al. 2021, arXiv:2109.08668).
import type { Activation } from './activation.js';

/** x · max(x + k, 0) / divisor. */
function xRelu(k: number, divisor: number, formula: string, worked: Activation['worked']): Activation {
  return {
    formula,
    apply: (math, x) => {
      const raised = math.maximum(math.add(x, math.constant(k)), math.constant(0));
      return math.multiply(x, math.multiply(raised, math.constant(1 / divisor)));
    },
    backward: (math, x, gradient) => {
      const slope = math.add(math.multiply(x, math.constant(2 / divisor)), math.constant(k / divisor));
      return math.whereGreater(x, math.constant(-k), math.multiply(gradient, slope), math.constant(0));
    },
    inPlace: false,
    integerForm: 'table',
    onnx: undefined,
    worked,
  };
}

const plus = (k: number, worked: Activation['worked']): Activation => xRelu(k, 6, `x · max(x + ${k}, 0) / 6`, worked);

export const squaredRelu = xRelu(0, 1, 'max(x, 0)²', [
  [-2, 0, 0],
  [0.5, 0.25, 1],
  [3, 9, 6],
]);
export const xReluPlus1 = plus(1, [
  [-2, 0, 0],
  [-0.5, -0.25 / 6, 0],
  [2, 1, 5 / 6],
]);
export const xReluPlus2 = plus(2, [
  [-3, 0, 0],
  [-1, -1 / 6, 0],
  [4, 4, 10 / 6],
]);
export const xReluPlus3 = plus(3, [
  [-4, 0, 0],
  [-1, -1 / 3, 1 / 6],
  [6, 9, 2.5],
]);
export const xReluPlus4 = plus(4, [
  [-5, 0, 0],
  [-1, -0.5, 1 / 3],
  [2, 2, 4 / 3],
]);
