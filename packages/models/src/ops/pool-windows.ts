// The windows of a pool on their way over each channel: what maxPool2d and avgPool2d have in common.
import { randomPool, type Windows, windowsOver } from '../random/random-geometry.js';
import type { Pair, Shape } from '../tensor-shape.js';
import { isPadded, type MemoryRole, type Node, paddingPair, type RandomSite, windowPair } from './op-definition.js';

/** The windows of a pool over each channel; the first starts `padding` before the map. */
export interface PoolNode extends Node {
  readonly size: Pair;
  readonly stride: Pair;
  /** Above and below, left and right; smaller than the window, so that each window meets the map. */
  readonly padding: Pair;
}

export const poolSchema = { size: windowPair, stride: windowPair, padding: paddingPair };

/** The part of the map that one window covers: rows [top, bottom), columns [left, right). */
interface Window {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

type Maps = readonly [channels: number, height: number, width: number];

/** Calls `visit` for every output p with the window that it covers of its channel's map, which starts at `start`. */
export function eachWindow(
  { size, stride, padding }: Windows,
  input: Shape,
  output: Shape,
  visit: (p: number, start: number, window: Window) => void,
): void {
  const [channels, inHeight, inWidth] = input as Maps;
  const [, outHeight, outWidth] = output as Maps;
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

export function poolMemory({ padding }: { readonly padding: Pair }): MemoryRole {
  const padded = isPadded(padding);
  return { inPlace: !padded, channelwise: padded ? 'no' : 'continue' };
}

/** Windows for a place, or undefined where there are no maps or too many outputs. A window of one is legal and does nothing: rare. */
export function randomWindows({ random, shape, maxElements }: RandomSite): Windows | undefined {
  if (shape.length !== 3) return undefined;
  const [channels, height, width] = shape;
  const windows = randomPool(random, [height, width]);
  if (windows.size[0] * windows.size[1] === 1 && random.chance(0.8)) return undefined;
  const [rows, columns] = windowsOver([height, width], windows);
  return channels * rows * columns > maxElements ? undefined : windows;
}
