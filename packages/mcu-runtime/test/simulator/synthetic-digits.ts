// Inputs like the MNIST digits of the benchmarks, without the data set: 16×16 int8 with a constant background and a stroke that
// covers about a quarter of the pixels.
import { Random } from './random.js';

const SIZE = 16;
/** What the preprocessing makes of black and white pixels. */
const BACKGROUND = -19;
const WHITE = 127;

/** A blurred stroke of straight pieces through random points inside of the frame. */
export function syntheticDigit(seed: number): Int8Array {
  const random = new Random(seed);
  const ink = new Float64Array(SIZE * SIZE);
  let [x, y] = [random.between(5, 10), random.between(3, 5)];
  for (let piece = 0; piece < 3; piece++) {
    const [toX, toY] = [random.between(4, 11), random.between(3, 12)];
    for (let step = 0; step <= 40; step++) {
      const [cx, cy] = [x + ((toX - x) * step) / 40, y + ((toY - y) * step) / 40];
      for (let row = 0; row < SIZE; row++) {
        for (let column = 0; column < SIZE; column++) {
          const distance = Math.hypot(column - cx, row - cy);
          const at = row * SIZE + column;
          ink[at] = Math.max(ink[at]!, Math.min(1, 1.7 - distance));
        }
      }
    }
    [x, y] = [toX, toY];
  }
  return Int8Array.from(ink, (value) => Math.round(BACKGROUND + Math.max(0, value) * (WHITE - BACKGROUND)));
}

export function nonBackgroundPixels(digit: Int8Array): number {
  return digit.reduce((count, value) => count + Number(value !== digit[0]), 0);
}
