// Activation functions.
import {
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  stringAttribute,
  unsupportedVariant,
} from '../operator.js';
import { normalizeAxis, type Tensor } from '../tensor.js';

function map(call: OperatorCall, f: (x: number) => number): Tensor[] {
  const x = requireInput(call, 0);
  const out = newTensor(call, x.type, x.shape);
  for (let i = 0; i < x.data.length; i++) out.data[i] = f(x.data[i]!);
  return [out];
}

export function Relu(call: OperatorCall): Tensor[] {
  return map(call, (x) => Math.max(x, 0));
}

export function LeakyRelu(call: OperatorCall): Tensor[] {
  const alpha = numberAttribute(call, 'alpha', 0.01);
  return map(call, (x) => (x >= 0 ? x : alpha * x));
}

/** x · max(0, min(1, x/6 + ½)). */
export function HardSwish(call: OperatorCall): Tensor[] {
  return map(call, (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5)));
}

/** x·Φ(x), or by its tanh where `approximate` says so. */
export function Gelu(call: OperatorCall): Tensor[] {
  const approximate = stringAttribute(call, 'approximate', 'none');
  switch (approximate) {
    case 'none':
      return map(call, (x) => (x / 2) * (1 + erf(x * Math.SQRT1_2)));
    case 'tanh':
      return map(call, (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))));
    default:
      throw unsupportedVariant(`The approximation '${approximate}' of GELU (none or tanh wanted)`);
  }
}

/** The error function: its series at 0 up to 3, beyond the continued fraction of 1 − erf (Abramowitz and Stegun 7.1.5, 7.1.14). */
function erf(x: number): number {
  const z = Math.abs(x);
  if (z > 6) return Math.sign(x);
  if (z > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (z + fraction);
    return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
  }
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export function Sigmoid(call: OperatorCall): Tensor[] {
  return map(call, (x) => 1 / (1 + Math.exp(-x)));
}

export function Tanh(call: OperatorCall): Tensor[] {
  return map(call, Math.tanh);
}

export function Erf(call: OperatorCall): Tensor[] {
  return map(call, erf);
}

/** max(0, min(1, alpha·x + beta)). */
export function HardSigmoid(call: OperatorCall): Tensor[] {
  const [alpha, beta] = [numberAttribute(call, 'alpha', 0.2), numberAttribute(call, 'beta', 0.5)];
  return map(call, (x) => Math.max(0, Math.min(1, alpha * x + beta)));
}

export function Elu(call: OperatorCall): Tensor[] {
  const alpha = numberAttribute(call, 'alpha', 1);
  return map(call, (x) => (x >= 0 ? x : alpha * Math.expm1(x)));
}

/** Constants as the operator's text has them. */
export function Selu(call: OperatorCall): Tensor[] {
  const alpha = numberAttribute(call, 'alpha', 1.6732632423543772);
  const gamma = numberAttribute(call, 'gamma', 1.0507009873554805);
  return map(call, (x) => gamma * (x >= 0 ? x : alpha * Math.expm1(x)));
}

export function Softplus(call: OperatorCall): Tensor[] {
  return map(call, softplus);
}

/** x·tanh(softplus(x)). */
export function Mish(call: OperatorCall): Tensor[] {
  return map(call, (x) => x * Math.tanh(softplus(x)));
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** One slope for all. */
export function PRelu(call: OperatorCall): Tensor[] {
  const { data } = requireInput(call, 1);
  const slope = data[0];
  if (slope === undefined || data.some((other) => other !== slope)) throw unsupportedVariant('A slope of each channel');
  return map(call, (x) => (x >= 0 ? x : slope * x));
}

/** Bounds are optional inputs since opset 11. */
export function Clip(call: OperatorCall): Tensor[] {
  const min = call.inputs[1]?.data[0] ?? Number.NEGATIVE_INFINITY;
  const max = call.inputs[2]?.data[0] ?? Number.POSITIVE_INFINITY;
  return map(call, (x) => Math.min(max, Math.max(min, x)));
}

/** Along one axis since opset 13, over all dimensions from the axis on before. */
export function Softmax(call: OperatorCall): Tensor[] {
  return [softmax(call, (x, max, sum) => Math.exp(x - max) / sum)];
}

export function LogSoftmax(call: OperatorCall): Tensor[] {
  return [softmax(call, (x, max, sum) => x - max - Math.log(sum))];
}

function softmax(call: OperatorCall, f: (x: number, max: number, sum: number) => number): Tensor {
  const x = requireInput(call, 0);
  const flat = call.opset < 13;
  const axis = normalizeAxis(numberAttribute(call, 'axis', flat ? 1 : -1), x.shape.length);
  const length = flat ? product(x.shape.slice(axis)) : x.shape[axis]!;
  const inner = flat ? 1 : product(x.shape.slice(axis + 1));
  const out = newTensor(call, x.type, x.shape);
  call.budget.work(4 * x.data.length);
  const outer = length === 0 ? 0 : x.data.length / (length * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * length * inner + i;
      let max = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < length; k++) max = Math.max(max, x.data[start + k * inner]!);
      let sum = 0;
      for (let k = 0; k < length; k++) sum += Math.exp(x.data[start + k * inner]! - max);
      for (let k = 0; k < length; k++) out.data[start + k * inner] = f(x.data[start + k * inner]!, max, sum);
    }
  }
  return out;
}

function product(values: readonly number[]): number {
  return values.reduce((a, b) => a * b, 1);
}
