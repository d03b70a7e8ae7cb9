// Pooling over one or two spatial axes.
import {
  newTensor,
  numberAttribute,
  type OperatorCall,
  requireInput,
  shapeMismatch,
  unsupportedVariant,
} from '../operator.js';
import { elementsOf, type Tensor } from '../tensor.js';
import { type WindowAxis, type Windows, windowsOf } from './windows.js';

export function MaxPool(call: OperatorCall): Tensor[] {
  if (call.outputs > 1) throw unsupportedVariant('the second output of MaxPool (indices)');
  return pool(call, (x, map, ys, xs, columns) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let y = ys.from; y < ys.to; y += ys.step) {
      for (let i = xs.from; i < xs.to; i += xs.step) best = Math.max(best, x[map + y * columns.input + i]!);
    }
    return best;
  });
}

/** Sums are rounded to float32 term by term, as runtimes do: means of quantized values lie on rounding's ties. Padding counts as zeros where `count_include_pad` is set, but never what `ceil_mode` adds beyond it. */
export function AveragePool(call: OperatorCall): Tensor[] {
  const includePad = numberAttribute(call, 'count_include_pad', 0) !== 0;
  return pool(call, (x, map, ys, xs, columns) => {
    let sum = 0;
    let count = 0;
    for (let y = ys.from; y < ys.to; y += ys.step) {
      for (let i = xs.from; i < xs.to; i += xs.step, count++) sum = Math.fround(sum + x[map + y * columns.input + i]!);
    }
    return sum / (includePad ? ys.padded * xs.padded : count);
  });
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

/** The taps of one window that lie inside the input, and how many lie inside input and padding. */
interface Taps {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly padded: number;
}

type PoolWindow = (x: ArrayLike<number>, map: number, ys: Taps, xs: Taps, columns: WindowAxis) => number;

function pool(call: OperatorCall, window: PoolWindow): Tensor[] {
  const x = requireInput(call, 0);
  if (x.shape.length < 3) throw shapeMismatch('a pool', x.shape);
  const [rows, columns]: Windows = windowsOf(call, x.shape.slice(2));
  const spatial = x.shape.length === 3 ? [columns.output] : [rows.output, columns.output];
  const out = newTensor(call, x.type, [...x.shape.slice(0, 2), ...spatial]);
  call.budget.work(out.data.length * rows.kernel * columns.kernel);
  const maps = elementsOf(x.shape.slice(0, 2));
  const [allRows, allColumns] = [tapsOf(rows), tapsOf(columns)];
  for (let m = 0, p = 0; m < maps; m++) {
    for (const ys of allRows) {
      for (const xs of allColumns) out.data[p++] = window(x.data, m * rows.input * columns.input, ys, xs, columns);
    }
  }
  return [out];
}

function tapsOf(axis: WindowAxis): Taps[] {
  return Array.from({ length: axis.output }, (_, position) => {
    const start = position * axis.stride - axis.before;
    const from = start < 0 ? start + Math.ceil(-start / axis.dilation) * axis.dilation : start;
    const to = Math.min(axis.input, start + (axis.kernel - 1) * axis.dilation + 1);
    const padded = Math.min(axis.kernel, Math.ceil((axis.input + axis.after - start) / axis.dilation));
    return { from, to, step: axis.dilation, padded };
  });
}

function global(call: OperatorCall, reduce: (x: ArrayLike<number>, from: number, to: number) => number): Tensor[] {
  const x = requireInput(call, 0);
  if (x.shape.length < 3) throw shapeMismatch('a global pool', x.shape);
  const map = elementsOf(x.shape.slice(2));
  const out = newTensor(call, x.type, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]);
  call.budget.work(x.data.length);
  for (let i = 0; i < out.data.length; i++) out.data[i] = reduce(x.data, i * map, (i + 1) * map);
  return [out];
}
