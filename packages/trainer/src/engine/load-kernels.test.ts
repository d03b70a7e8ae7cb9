import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizeImages } from '../data/resize.js';
import { TrainerError } from '../errors.js';
import { Random } from '../random.js';
import type { AugmentRequest, ImageStack } from './kernels.js';
import { loadKernels } from './load-kernels.js';

function noise(count: number, channels: number, height: number, width: number, seed = 1): ImageStack {
  const random = new Random(seed);
  const bytes = Uint8Array.from({ length: count * channels * height * width }, () => random.nextBelow(256));
  return { bytes, channels, height, width };
}

function blank(count: number, channels: number, height: number, width: number): ImageStack {
  return { bytes: new Uint8Array(count * channels * height * width), channels, height, width };
}

/** Bilinear sampling in doubles, pixel by pixel; the distance to the kernel may be one step where rounding is near a tie. */
function sample(
  { source, matrices, indices, fill = 0, displacement, destination }: AugmentRequest,
  result: number,
  channel: number,
  x: number,
  y: number,
): number {
  const m = matrices.subarray(result * 6, result * 6 + 6);
  let sx = m[0]! * x + m[1]! * y + m[2]!;
  let sy = m[3]! * x + m[4]! * y + m[5]!;
  if (displacement) {
    const { grid, rows, columns } = displacement;
    const u = (x * (columns - 1)) / Math.max(1, destination.width - 1);
    const v = (y * (rows - 1)) / Math.max(1, destination.height - 1);
    const weight = (at: number, node: number) => Math.max(0, 1 - Math.abs(at - node));
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) {
        const share = weight(u, c) * weight(v, r);
        sx += share * grid[((result * rows + r) * columns + c) * 2]!;
        sy += share * grid[((result * rows + r) * columns + c) * 2 + 1]!;
      }
  }
  const image = indices?.[result] ?? result;
  const pixel = (row: number, column: number) =>
    row < 0 || column < 0 || row >= source.height || column >= source.width
      ? fill
      : source.bytes[((image * source.channels + channel) * source.height + row) * source.width + column]!;
  const [column, row] = [Math.floor(sx), Math.floor(sy)];
  const [right, down] = [sx - column, sy - row];
  const top = pixel(row, column) * (1 - right) + pixel(row, column + 1) * right;
  const bottom = pixel(row + 1, column) * (1 - right) + pixel(row + 1, column + 1) * right;
  return top * (1 - down) + bottom * down;
}

describe.each(['native', 'wasm'] as const)('%s image kernels', async (kind) => {
  const kernels = await loadKernels({ kind });

  it('sample bilinearly under random affine and elastic deformation', () => {
    const size = fc.integer({ min: 1, max: 12 });
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    const shift = fc.double({ min: -6, max: 12, noNaN: true });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        size,
        fc.tuple(entry, entry, shift, entry, entry, shift),
        fc.integer({ min: 0, max: 255 }),
        fc.boolean(),
        (height, width, outHeight, outWidth, matrix, fill, elastic) => {
          const source = noise(3, 2, height, width);
          const destination = blank(2, 2, outHeight, outWidth);
          const random = new Random(5);
          const grid = Float32Array.from({ length: 2 * 3 * 4 * 2 }, () => random.nextBetween(-1, 1));
          const request: AugmentRequest = {
            source,
            indices: Uint32Array.of(2, 0),
            count: 2,
            matrices: Float32Array.from([...matrix, ...matrix.map((value) => -value / 2)]),
            fill,
            destination,
            ...(elastic && { displacement: { grid, rows: 3, columns: 4 } }),
          };
          kernels.augmentBatch(request);
          let i = 0;
          for (let result = 0; result < 2; result++)
            for (let channel = 0; channel < 2; channel++)
              for (let y = 0; y < outHeight; y++)
                for (let x = 0; x < outWidth; x++) {
                  const expected = sample(request, result, channel, x, y);
                  expect(Math.abs(destination.bytes[i++]! - expected)).toBeLessThan(0.51);
                }
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  it('keep an image under the identity and survive coordinates that are no numbers', () => {
    const source = noise(2, 1, 28, 28);
    const destination = blank(2, 1, 28, 28);
    const nothing = [Number.NaN, Number.POSITIVE_INFINITY, 1e30, Number.NaN, Number.NEGATIVE_INFINITY, -1e30];
    kernels.augmentBatch({
      source,
      count: 2,
      matrices: Float32Array.of(1, 0, 0, 0, 1, 0, ...nothing),
      fill: 9,
      destination,
    });
    expect(destination.bytes.subarray(0, 784)).toEqual(source.bytes.subarray(0, 784));
    expect(new Set(destination.bytes.subarray(784))).toEqual(new Set([9]));
  });

  it('resize to the byte as the specification', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, (height, width, outHeight, outWidth) => {
        const source = noise(3, 1, height, width, height * 100 + width);
        const destination = blank(3, 1, outHeight, outWidth);
        kernels.resizeBatch({ source, count: 3, destination });
        expect(destination.bytes).toEqual(resizeImages(source.bytes, [height, width], [outHeight, outWidth]));
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('refuse buffers and indices that do not fit', () => {
    const source = noise(2, 1, 4, 4);
    const destination = blank(2, 1, 4, 4);
    const matrices = new Float32Array(12);
    const wrong: Partial<AugmentRequest>[] = [
      { count: 3 },
      { matrices: new Float32Array(11) },
      { indices: Uint32Array.of(0, 2) },
      { indices: Uint32Array.of(0) },
      { fill: 256 },
      { destination: { ...destination, height: 5 } },
      { destination: { ...destination, channels: 2 } },
      { displacement: { grid: new Float32Array(8), rows: 2, columns: 2 } },
      { displacement: { grid: new Float32Array(99), rows: 1, columns: 2 } },
    ];
    for (const change of wrong) {
      expect(() => kernels.augmentBatch({ source, count: 2, matrices, destination, ...change })).toThrow(TrainerError);
    }
    expect(() => kernels.resizeBatch({ source, count: 3, destination })).toThrow(TrainerError);
    expect(() => kernels.resizeBatch({ source: { ...source, width: 0 }, count: 1, destination })).toThrow(TrainerError);
  });
});
