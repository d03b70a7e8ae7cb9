// Integer pooling and cropping of channel-major maps.
import type { AvgPool2dNode, MaxPool2dNode, Pair, Shape } from '../quantized-model.js';

type Maps = readonly [number, number, number];

/** The part of the map that one window covers: rows [top, bottom), columns [left, right). */
interface Window {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** Calls `visit` for every output p with the window that it covers of its channel's map, which starts at `start`. */
function eachWindow(
  { size, stride, padding }: { size: Pair; stride: Pair; padding: Pair },
  [, inHeight, inWidth]: Maps,
  [channels, outHeight, outWidth]: Maps,
  visit: (p: number, start: number, window: Window) => void,
): void {
  for (let c = 0, p = 0; c < channels; c++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const y = oy * stride[0] - padding[0];
      const [top, bottom] = [Math.max(0, y), Math.min(inHeight, y + size[0])];
      for (let ox = 0; ox < outWidth; ox++, p++) {
        const x = ox * stride[1] - padding[1];
        const [left, right] = [Math.max(0, x), Math.min(inWidth, x + size[1])];
        visit(p, c * inHeight * inWidth, { top, bottom, left, right });
      }
    }
  }
}

/** Maximum of each window. */
export function maxPool2d(x: Int32Array, inShape: Shape, pool: MaxPool2dNode, outShape: Shape, out: Int32Array): void {
  const inWidth = inShape[2]!;
  eachWindow(pool, inShape as Maps, outShape as Maps, (p, start, { top, bottom, left, right }) => {
    let best = x[start + top * inWidth + left]!;
    for (let row = start + top * inWidth; row < start + bottom * inWidth; row += inWidth) {
      for (let i = row + left; i < row + right; i++) if (x[i]! > best) best = x[i]!;
    }
    out[p] = best;
  });
}

/** mean = (Σ·factor + rounding) >> shift: an exact floor where `elements` is a power of two, else a 16-bit reciprocal. */
export function meanFactor(elements: number): { factor: number; rounding: number; shift: number } {
  const log2 = Math.log2(elements);
  if (Number.isInteger(log2)) return { factor: 1, rounding: 0, shift: log2 };
  return { factor: Math.round(65_536 / elements), rounding: 32_768, shift: 16 };
}

/** Mean of each window, rounded as `meanFactor` says. */
export function avgPool2d(x: Int32Array, inShape: Shape, pool: AvgPool2dNode, outShape: Shape, out: Int32Array): void {
  const inWidth = inShape[2]!;
  eachWindow(pool, inShape as Maps, outShape as Maps, (p, start, { top, bottom, left, right }) => {
    let sum = 0;
    for (let row = start + top * inWidth; row < start + bottom * inWidth; row += inWidth) {
      for (let i = row + left; i < row + right; i++) sum = (sum + x[i]!) | 0;
    }
    const { factor, rounding, shift } = meanFactor(divisorOf(pool, (bottom - top) * (right - left)));
    out[p] = (Math.imul(sum, factor) + rounding) >> shift;
  });
}

/** The different windows of an average pool over maps of `inShape`: elements of the map, and what the sum is divided by. */
export function windowSizes(pool: AvgPool2dNode, inShape: Shape): { elements: number; divisor: number }[] {
  const covered = (axis: 0 | 1) => {
    const [extent, size, padding] = [inShape[axis + 1]!, pool.size[axis], pool.padding[axis]];
    const counts = new Set<number>();
    for (let from = -padding; from + size <= extent + padding; from += pool.stride[axis]) {
      counts.add(Math.min(extent, from + size) - Math.max(0, from));
    }
    return [...counts];
  };
  const elements = new Set(covered(0).flatMap((rows) => covered(1).map((columns) => rows * columns)));
  return [...elements].map((count) => ({ elements: count, divisor: divisorOf(pool, count) }));
}

function divisorOf({ size, countIncludePad }: AvgPool2dNode, elements: number): number {
  return countIncludePad ? size[0] * size[1] : elements;
}

/** The window [top, top + height) × [left, left + width) of every channel. */
export function crop(
  x: Int32Array,
  inShape: Shape,
  window: { top: number; left: number },
  outShape: Shape,
  out: Int32Array,
): void {
  const [channels, height, width] = outShape as Maps;
  const [, inHeight, inWidth] = inShape as Maps;
  for (let c = 0, p = 0; c < channels; c++) {
    for (let y = 0; y < height; y++, p += width) {
      const start = (c * inHeight + window.top + y) * inWidth + window.left;
      out.set(x.subarray(start, start + width), p);
    }
  }
}
