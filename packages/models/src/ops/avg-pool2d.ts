// avgPool2d: the mean of each window, by a shift or a 16-bit reciprocal.

import { z } from 'zod';
import { constantIntervals, hull } from '../intervals.js';
import type { Windows } from '../random/random-geometry.js';
import { averagedShape } from '../spatial-shapes.js';
import type { Shape } from '../tensor-shape.js';
import type { OpDefinition } from './op-definition.js';
import { eachWindow, type PoolNode, poolMemory, poolSchema, randomWindows } from './pool-windows.js';

/**
 * Mean over n elements, Σ the sum of what the window has of the map: Σ >> log2(n) where n is a power of two, else
 * (Σ·⌊2^16/n⌉ + 2^15) >> 16. n is the whole window where `countIncludePad`, else what the window has of the map.
 */
export interface AvgPool2dNode extends PoolNode {
  readonly op: 'avgPool2d';
  readonly countIncludePad: boolean;
}

export const avgPool2d: OpDefinition<AvgPool2dNode, Windows> = {
  op: 'avgPool2d',
  meaning:
    'mean over n elements: Σ >> log₂(n) where n is a power of two, else (Σ · ⌊2¹⁶/n⌉ + 2¹⁵) >> 16; n is the whole window where the padding counts (`countIncludePad`), else what the window has of the map',
  schema: { ...poolSchema, countIncludePad: z.boolean() },
  inputs: 1,
  shape: (node, [input], who) => averagedShape(who, input!, node),
  type: (_, input) => input,
  reference({ node, inputShapes, outputShape }, inputs, out) {
    const x = inputs[0]!;
    const inShape = inputShapes[0]!;
    const inWidth = inShape[2]!;
    return () =>
      eachWindow(node, inShape, outputShape, (p, start, { top, bottom, left, right }) => {
        let sum = 0;
        for (let row = start + top * inWidth; row < start + bottom * inWidth; row += inWidth) {
          for (let i = row + left; i < row + right; i++) sum = (sum + x[i]!) | 0;
        }
        const { factor, rounding, shift } = meanFactor(divisorOf(node, (bottom - top) * (right - left)));
        out[p] = (Math.imul(sum, factor) + rounding) >> shift;
      });
  },
  bounds({ node, inputShapes }, [input], accumulator) {
    const output = constantIntervals(input!.min.length, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const { min, max } = hull(input!);
    for (const { elements, divisor } of windowSizes(node, inputShapes[0]!)) {
      const { factor, rounding, shift } = meanFactor(divisor);
      accumulator.hold(elements * Math.min(0, min), elements * Math.max(0, max));
      accumulator.hold(elements * min * factor + rounding, elements * max * factor + rounding);
      const mean = (x: number) => (elements * x * factor + rounding) >> shift;
      for (let i = 0; i < output.min.length; i++) {
        output.min[i] = Math.min(output.min[i]!, mean(input!.min[i]!));
        output.max[i] = Math.max(output.max[i]!, mean(input!.max[i]!));
      }
    }
    return output;
  },
  memory: poolMemory,
  describe: ({ size, stride }) => `avgPool2d ${size}/${stride}`,
  *random(site, windows = randomWindows(site)) {
    if (windows !== undefined) yield { op: 'avgPool2d', ...windows, countIncludePad: site.random.chance(0.5) };
  },
};

/** mean = (Σ·factor + rounding) >> shift: an exact floor where `elements` is a power of two, else a 16-bit reciprocal. */
export function meanFactor(elements: number): { factor: number; rounding: number; shift: number } {
  const log2 = Math.log2(elements);
  if (Number.isInteger(log2)) return { factor: 1, rounding: 0, shift: log2 };
  return { factor: Math.round(65_536 / elements), rounding: 32_768, shift: 16 };
}

/** The different windows over maps of `inShape`: elements of the map, and what the sum is divided by. */
function windowSizes(pool: AvgPool2dNode, inShape: Shape): { elements: number; divisor: number }[] {
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
