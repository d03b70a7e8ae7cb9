// Integer pooling and cropping of channel-major maps.
import type { Shape } from '../quantized-model.js';

type Maps = readonly [number, number, number];

/** Maximum of each size×size window. */
export function maxPool2d(
  x: Int32Array,
  inShape: Shape,
  pool: { size: number; stride: number },
  outShape: Shape,
  out: Int32Array,
): void {
  const [channels, outHeight, outWidth] = outShape as Maps;
  const [, inHeight, inWidth] = inShape as Maps;
  const { size, stride } = pool;
  for (let c = 0, p = 0; c < channels; c++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, p++) {
        const corner = (c * inHeight + oy * stride) * inWidth + ox * stride;
        let best = x[corner]!;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) {
            const value = x[corner + dy * inWidth + dx]!;
            if (value > best) best = value;
          }
        }
        out[p] = best;
      }
    }
  }
}

/** mean = (Σ·factor + rounding) >> shift: an exact floor for power-of-two windows, else a 16-bit reciprocal. */
export function avgPoolFactor(size: number): { factor: number; rounding: number; shift: number } {
  const window = size * size;
  const log2 = Math.log2(window);
  if (Number.isInteger(log2)) return { factor: 1, rounding: 0, shift: log2 };
  return { factor: Math.round(65_536 / window), rounding: 32_768, shift: 16 };
}

/** Mean of each size×size window, rounded as `avgPoolFactor` says. */
export function avgPool2d(
  x: Int32Array,
  inShape: Shape,
  pool: { size: number; stride: number },
  outShape: Shape,
  out: Int32Array,
): void {
  const [channels, outHeight, outWidth] = outShape as Maps;
  const [, inHeight, inWidth] = inShape as Maps;
  const { size, stride } = pool;
  const { factor, rounding, shift } = avgPoolFactor(size);
  for (let c = 0, p = 0; c < channels; c++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++, p++) {
        const corner = (c * inHeight + oy * stride) * inWidth + ox * stride;
        let sum = 0;
        for (let dy = 0; dy < size; dy++) {
          for (let dx = 0; dx < size; dx++) sum = (sum + x[corner + dy * inWidth + dx]!) | 0;
        }
        out[p] = (Math.imul(sum, factor) + rounding) >> shift;
      }
    }
  }
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
