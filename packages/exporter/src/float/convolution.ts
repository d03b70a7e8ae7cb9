// Convolution over two spatial axes: patches of the input against rows of weights, sums in float64.
import { dotProducts } from './dot-products.js';
import type { WindowAxis, Windows } from './windows.js';

export interface Convolution {
  /** Samples. */
  readonly batch: number;
  readonly channels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly windows: Windows;
}

/**
 * Cross-correlation with groups, strides, dilations and padding.
 * @param x maps of the samples: sample, channel, row, column.
 * @param weights output-major: out, in/groups, row, column.
 * @param bias one an output channel.
 * @param out of the samples' output maps.
 */
export function convolve(
  x: ArrayLike<number>,
  weights: Float64Array,
  bias: ArrayLike<number> | undefined,
  { batch, channels, outChannels, groups, windows: [rows, columns] }: Convolution,
  out: { [index: number]: number },
): void {
  const outMap = rows.output * columns.output;
  const inMap = rows.input * columns.input;
  const [groupInputs, perGroup] = [channels / groups, outChannels / groups];
  const patch = new Float64Array(groupInputs * rows.kernel * columns.kernel);
  for (let g = 0; g < groups; g++) {
    const [from, to] = [g * perGroup, (g + 1) * perGroup];
    const groupWeights = weights.subarray(from * patch.length, to * patch.length);
    const groupBias = bias && Array.prototype.slice.call(bias, from, to);
    for (let n = 0; n < batch; n++) {
      const first = (n * channels + g * groupInputs) * inMap;
      const target = (n * outChannels + from) * outMap;
      for (let y = 0, p = target; y < rows.output; y++) {
        for (let column = 0; column < columns.output; column++, p++) {
          gather(x, first, inMap, rows, columns, y, column, patch);
          dotProducts(groupWeights, patch, groupBias, out, p, outMap);
        }
      }
    }
  }
}

/** The input values under one window, zeros where it hangs over. */
function gather(
  x: ArrayLike<number>,
  first: number,
  inMap: number,
  rows: WindowAxis,
  columns: WindowAxis,
  y: number,
  column: number,
  patch: Float64Array,
): void {
  const area = rows.kernel * columns.kernel;
  const startY = y * rows.stride - rows.before;
  const startX = column * columns.stride - columns.before;
  for (let k = 0, map = first; k < patch.length; k += area, map += inMap) {
    for (let ky = 0, t = k; ky < rows.kernel; ky++) {
      const inY = startY + ky * rows.dilation;
      const row = map + inY * columns.input;
      const inside = inY >= 0 && inY < rows.input;
      for (let kx = 0; kx < columns.kernel; kx++, t++) {
        const inX = startX + kx * columns.dilation;
        patch[t] = inside && inX >= 0 && inX < columns.input ? x[row + inX]! : 0;
      }
    }
  }
}
