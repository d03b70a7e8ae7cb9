// Reductions over axes, which are an attribute in old opsets and an input in new ones.
import {
  integersOf,
  newTensor,
  numberAttribute,
  numbersAttribute,
  type OperatorCall,
  requireInput,
} from '../operator.js';
import { normalizeAxis, type Tensor } from '../tensor.js';

export function ReduceMean(call: OperatorCall): Tensor[] {
  return reduce(
    call,
    0,
    (sum, x) => sum + x,
    (sum, count) => sum / count,
  );
}

export function ReduceSum(call: OperatorCall): Tensor[] {
  return reduce(
    call,
    0,
    (sum, x) => sum + x,
    (sum) => sum,
  );
}

export function ReduceProd(call: OperatorCall): Tensor[] {
  return reduce(
    call,
    1,
    (product, x) => product * x,
    (product) => product,
  );
}

export function ReduceMax(call: OperatorCall): Tensor[] {
  return reduce(call, Number.NEGATIVE_INFINITY, Math.max, (max) => max);
}

export function ReduceMin(call: OperatorCall): Tensor[] {
  return reduce(call, Number.POSITIVE_INFINITY, Math.min, (min) => min);
}

export function ReduceL1(call: OperatorCall): Tensor[] {
  return reduce(
    call,
    0,
    (sum, x) => sum + Math.abs(x),
    (sum) => sum,
  );
}

export function ReduceL2(call: OperatorCall): Tensor[] {
  return reduce(call, 0, (sum, x) => sum + x * x, Math.sqrt);
}

function reduce(
  call: OperatorCall,
  start: number,
  step: (state: number, x: number) => number,
  finish: (state: number, count: number) => number,
): Tensor[] {
  const x = requireInput(call, 0);
  const rank = x.shape.length;
  const given = numbersAttribute(call, 'axes') ?? (call.inputs[1] ? integersOf(call.inputs[1]) : []);
  if (given.length === 0 && numberAttribute(call, 'noop_with_empty_axes', 0) !== 0) return [x];
  const axes = new Set(given.length === 0 ? x.shape.keys() : given.map((axis) => normalizeAxis(axis, rank)));
  const kept = x.shape.map((dimension, axis) => (axes.has(axis) ? 1 : dimension));
  const keep = numberAttribute(call, 'keepdims', 1) !== 0;
  const out = newTensor(call, x.type, keep ? kept : x.shape.filter((_, axis) => !axes.has(axis)));
  const states = new Float64Array(out.data.length).fill(start);
  call.budget.work(x.data.length);
  const position = new Array<number>(rank).fill(0);
  for (let i = 0; i < x.data.length; i++) {
    let target = 0;
    for (let axis = 0; axis < rank; axis++) target = target * kept[axis]! + (kept[axis] === 1 ? 0 : position[axis]!);
    states[target] = step(states[target]!, x.data[i]!);
    for (let axis = rank - 1; axis >= 0 && ++position[axis]! === x.shape[axis]; axis--) position[axis] = 0;
  }
  const count = out.data.length === 0 ? 0 : x.data.length / out.data.length;
  for (let i = 0; i < states.length; i++) out.data[i] = finish(states[i]!, count);
  return [out];
}
