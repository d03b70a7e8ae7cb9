// What each weight of a layer is multiplied with: rows of input patches, for second moments and error-compensated rounding.
import type { FloatWeighted } from '../../float/float-network.js';

/**
 * Second moments of the inputs of one group: E[x_i·x_j] over patches, columns × columns.
 * @param maxPatches patches beyond are skipped evenly.
 */
export function secondMoments(
  layer: FloatWeighted,
  x: Float64Array,
  count: number,
  group: number,
  maxPatches: number,
): Float64Array {
  const patches = patchesOf(layer, x, count, group, maxPatches);
  const { columns, rows } = patches;
  const moments = new Float64Array(columns * columns);
  for (let p = 0; p < rows; p++) {
    const patch = patches.values.subarray(p * columns, (p + 1) * columns);
    for (let i = 0; i < columns; i++) {
      const a = patch[i]!;
      if (a === 0) continue;
      const row = i * columns;
      for (let j = 0; j <= i; j++) moments[row + j] = moments[row + j]! + a * patch[j]!;
    }
  }
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j <= i; j++) {
      const mean = moments[i * columns + j]! / Math.max(1, rows);
      moments[i * columns + j] = mean;
      moments[j * columns + i] = mean;
    }
  }
  return moments;
}

function patchesOf(
  layer: FloatWeighted,
  x: Float64Array,
  count: number,
  group: number,
  maxPatches: number,
): { values: Float64Array; rows: number; columns: number } {
  if (layer.op === 'linear') {
    const rows = Math.min(count, maxPatches);
    return { values: x.subarray(0, rows * layer.inFeatures), rows, columns: layer.inFeatures };
  }
  const [channels, height, width] = layer.inShape;
  const [, outHeight, outWidth] = layer.shape as readonly [number, number, number];
  const groupInputs = channels / layer.groups;
  const [kernelY, kernelX] = layer.kernel;
  const columns = groupInputs * kernelY * kernelX;
  const total = count * outHeight * outWidth;
  const rows = Math.min(total, maxPatches);
  const values = new Float64Array(rows * columns);
  for (let p = 0, at = 0; p < rows; p++) {
    const position = Math.floor((p * total) / rows);
    const sample = Math.floor(position / (outHeight * outWidth));
    const y0 = Math.floor((position / outWidth) % outHeight) * layer.stride[0] - layer.padding[0];
    const x0 = (position % outWidth) * layer.stride[1] - layer.padding[1];
    for (let c = 0; c < groupInputs; c++) {
      const map = (sample * channels + group * groupInputs + c) * height * width;
      for (let ky = 0; ky < kernelY; ky++) {
        for (let kx = 0; kx < kernelX; kx++, at++) {
          const [yy, xx] = [y0 + ky, x0 + kx];
          values[at] = yy >= 0 && yy < height && xx >= 0 && xx < width ? x[map + yy * width + xx]! : 0;
        }
      }
    }
  }
  return { values, rows, columns };
}
