// Pooling over one or two spatial axes.
import { averagePool, maxPool } from '../../../float/pooling.js';
import type { Windows } from '../../../float/windows.js';
import {
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  shapeMismatch,
  unsupportedVariant,
} from '../operator.js';
import { elementsOf, type Tensor, type TensorData } from '../tensor.js';
import { windowsOf } from './windows.js';

export function MaxPool(call: OperatorCall): Tensor[] {
  if (call.outputs > 1) throw unsupportedVariant('The second output of MaxPool (indices)');
  return pool(call, (x, maps, windows, out) => maxPool(x, maps, windows, out));
}

/** Padding counts as zeros where `count_include_pad` is set, but never what `ceil_mode` adds beyond it. */
export function AveragePool(call: OperatorCall): Tensor[] {
  const includePad = numberAttribute(call, 'count_include_pad', 0) !== 0;
  return pool(call, (x, maps, windows, out) => averagePool(x, maps, windows, includePad, out));
}

export function GlobalAveragePool(call: OperatorCall): Tensor[] {
  return global(call, (x, from, to) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += x[i]!;
    return sum / (to - from);
  });
}

export function GlobalMaxPool(call: OperatorCall): Tensor[] {
  return global(call, (x, from, to) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) best = Math.max(best, x[i]!);
    return best;
  });
}

type PoolMaps = (x: TensorData, maps: number, windows: Windows, out: TensorData) => void;

function pool(call: OperatorCall, poolMaps: PoolMaps): Tensor[] {
  const x = requireInput(call, 0);
  if (x.shape.length < 3) throw shapeMismatch('A pool', x.shape);
  const windows = windowsOf(call, x.shape.slice(2));
  const [rows, columns] = windows;
  const spatial = x.shape.length === 3 ? [columns.output] : [rows.output, columns.output];
  const out = newTensor(call, x.type, [...x.shape.slice(0, 2), ...spatial]);
  call.budget.work(out.data.length * rows.kernel * columns.kernel);
  poolMaps(x.data, elementsOf(x.shape.slice(0, 2)), windows, out.data);
  return [out];
}

function global(call: OperatorCall, reduce: (x: ArrayLike<number>, from: number, to: number) => number): Tensor[] {
  const x = requireInput(call, 0);
  if (x.shape.length < 3) throw shapeMismatch('A global pool', x.shape);
  const map = elementsOf(x.shape.slice(2));
  const out = newTensor(call, x.type, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]);
  call.budget.work(x.data.length);
  for (let i = 0; i < out.data.length; i++) out.data[i] = reduce(x.data, i * map, (i + 1) * map);
  return [out];
}
