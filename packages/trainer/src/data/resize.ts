// Antialiased bilinear resizing of 8-bit images, to the byte as Pillow's Image.resize(…, BILINEAR) does it.
// This is the specification; the engine's compiled kernel gives the same bytes faster.
import { TrainerError } from '../errors.js';
import { withMemory } from '../memory.js';

/** Room for resized images. @throws TrainerError `out-of-memory` */
export function resizedBytes(count: number, height: number, width: number): Uint8Array {
  const bytes = count * height * width;
  const what = `${count} images of ${height}×${width}`;
  const remedy = 'use fewer samples, or a network with a smaller input';
  return withMemory(what, bytes, remedy, () => new Uint8Array(bytes));
}

/** Coefficients are integers with this many bits after the binary point (Pillow: 32 − 8 − 2). */
const PRECISION_BITS = 22;

/** For every output position: the first input position it reads and its coefficients, padded with zeros to `taps`. */
export interface ResizeTaps {
  readonly outputs: number;
  readonly taps: number;
  /** First input position of each output. */
  readonly starts: Int32Array;
  /** outputs·taps coefficients scaled by 2^PRECISION_BITS; each output's add up to about 2^22. */
  readonly coefficients: Int32Array;
}

/**
 * The triangle filter, widened by the reduction factor when shrinking (area of support = 2 input pixels · factor).
 * @param input, output sizes in pixels, 1 … 65535
 */
export function bilinearTaps(input: number, output: number): ResizeTaps {
  for (const size of [input, output]) {
    if (!Number.isInteger(size) || size < 1 || size > 65_535) {
      throw new TrainerError('invalid-argument', `An image size of ${size} is not a whole number from 1 to 65535.`);
    }
  }
  const factor = input / output;
  const support = Math.max(factor, 1);
  const taps = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(output);
  const coefficients = new Int32Array(output * taps);
  const weights = new Float64Array(taps);
  for (let o = 0; o < output; o++) {
    const centre = (o + 0.5) * factor;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(input, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let i = start; i < end; i++) {
      const weight = Math.max(0, 1 - Math.abs((i - centre + 0.5) * (1 / support)));
      weights[i - start] = weight;
      sum += weight;
    }
    starts[o] = start;
    for (let k = 0; k < end - start; k++) {
      coefficients[o * taps + k] = Math.trunc((weights[k]! / sum) * 2 ** PRECISION_BITS + 0.5);
    }
  }
  return { outputs: output, taps, starts, coefficients };
}

/**
 * Resizes `count` single-channel images laid out one after another (channels of one image count as images).
 * @param bytes count·height·width values
 * @returns count·newHeight·newWidth values: rows first, rounded to 8 bits, then columns
 * @throws TrainerError `invalid-argument` if the length and the sizes disagree.
 */
export function resizeImages(
  bytes: Uint8Array,
  [height, width]: readonly [number, number],
  [newHeight, newWidth]: readonly [number, number],
): Uint8Array {
  const count = bytes.length / (height * width);
  if (!Number.isInteger(count)) {
    throw new TrainerError(
      'invalid-argument',
      `${bytes.length} bytes are no whole number of ${height}×${width} images.`,
    );
  }
  if (height === newHeight && width === newWidth) return bytes.slice();
  const across = bilinearTaps(width, newWidth);
  const down = bilinearTaps(height, newHeight);
  const narrowed = new Uint8Array(height * newWidth);
  const resized = resizedBytes(count, newHeight, newWidth);
  for (let image = 0; image < count; image++) {
    const from = image * height * width;
    for (let y = 0; y < height; y++) filterLine(bytes, from + y * width, 1, width, narrowed, y * newWidth, 1, across);
    const to = image * newHeight * newWidth;
    for (let x = 0; x < newWidth; x++) filterLine(narrowed, x, newWidth, height, resized, to + x, newWidth, down);
  }
  return resized;
}

/** One row (stride 1) or column (stride = width) of an image. */
function filterLine(
  source: Uint8Array,
  from: number,
  sourceStride: number,
  length: number,
  target: Uint8Array,
  to: number,
  targetStride: number,
  { outputs, taps, starts, coefficients }: ResizeTaps,
): void {
  for (let o = 0; o < outputs; o++) {
    const start = starts[o]!;
    const used = Math.min(taps, length - start);
    let sum = 1 << (PRECISION_BITS - 1);
    for (let k = 0; k < used; k++) sum += coefficients[o * taps + k]! * source[from + (start + k) * sourceStride]!;
    target[to + o * targetStride] = Math.min(255, Math.max(0, sum >> PRECISION_BITS));
  }
}
