// HardSwish (Howard et al. 2019, arXiv:1905.02244): x times a sigmoid of three straight lines.
import type { Activation } from './activation.js';

export const hardSwish: Activation = {
  formula: 'x · min(max(x + 3, 0), 6) / 6',
  apply: (math, x) => {
    const raised = math.maximum(math.add(x, math.constant(3)), math.constant(0));
    const gate = math.multiply(math.minimum(raised, math.constant(6)), math.constant(1 / 6));
    return math.multiply(x, gate);
  },
  // 0 below −3, 1 above 3, x/3 + ½ between.
  backward: (math, x, gradient) => {
    const slope = math.add(math.multiply(x, math.constant(1 / 3)), math.constant(0.5));
    const above = math.whereGreater(x, math.constant(3), gradient, math.multiply(gradient, slope));
    return math.whereGreater(x, math.constant(-3), above, math.constant(0));
  },
  inPlace: false,
  integerForm: 'table',
  onnx: { operator: 'HardSwish', attributes: {} },
  worked: [
    [-4, 0, 0],
    [-1, -1 / 3, 1 / 6],
    [0, 0, 0.5],
    [1, 2 / 3, 5 / 6],
    [4, 4, 1],
  ],
};
