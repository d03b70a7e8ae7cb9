// Maximum and mean of the windows of maps.
import type { WindowAxis, Windows } from './windows.js';

/** Writes the largest value of every window. @param maps number of maps in `x`, one after another. */
export function maxPool(x: ArrayLike<number>, maps: number, windows: Windows, out: { [index: number]: number }): void {
  const [, columns] = windows;
  pool(maps, windows, out, (map, ys, xs) => {
    let best = Number.NEGATIVE_INFINITY;
    for (let y = ys.from; y < ys.to; y += ys.step) {
      for (let i = xs.from; i < xs.to; i += xs.step) best = Math.max(best, x[map + y * columns.input + i]!);
    }
    return best;
  });
}

/**
 * Writes the mean of every window. Sums are rounded to float32 term by term, as runtimes do: means of quantized values lie on rounding's ties.
 * @param includePad whether the zeros of the padding count.
 */
export function averagePool(
  x: ArrayLike<number>,
  maps: number,
  windows: Windows,
  includePad: boolean,
  out: { [index: number]: number },
): void {
  const [, columns] = windows;
  pool(maps, windows, out, (map, ys, xs) => {
    let sum = 0;
    let count = 0;
    for (let y = ys.from; y < ys.to; y += ys.step) {
      for (let i = xs.from; i < xs.to; i += xs.step, count++) sum = Math.fround(sum + x[map + y * columns.input + i]!);
    }
    return sum / (includePad ? ys.padded * xs.padded : count);
  });
}

/** The part of one window along one axis that lies inside the input, and how many of its places lie inside input and padding. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly padded: number;
}

function pool(
  maps: number,
  [rows, columns]: Windows,
  out: { [index: number]: number },
  window: (map: number, ys: Span, xs: Span) => number,
): void {
  const [allRows, allColumns] = [spansOf(rows), spansOf(columns)];
  for (let m = 0, p = 0; m < maps; m++) {
    for (const ys of allRows) {
      for (const xs of allColumns) out[p++] = window(m * rows.input * columns.input, ys, xs);
    }
  }
}

function spansOf(axis: WindowAxis): Span[] {
  return Array.from({ length: axis.output }, (_, position) => {
    const start = position * axis.stride - axis.before;
    const from = start < 0 ? start + Math.ceil(-start / axis.dilation) * axis.dilation : start;
    const to = Math.min(axis.input, start + (axis.kernel - 1) * axis.dilation + 1);
    const padded = Math.min(axis.kernel, Math.ceil((axis.input + axis.after - start) / axis.dilation));
    return { from, to, step: axis.dilation, padded };
  });
}
