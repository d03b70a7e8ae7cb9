// What an average pool divides by at each position, as constants of the graph.
import type { Shape } from '@bitnetmcu/models';
import { type AvgPool2dNode, meanFactor } from '@bitnetmcu/models/internal';

/** Values that are the same everywhere, or one for each position of the output map [outHeight, outWidth]. */
export interface PerPosition {
  readonly dims: readonly number[];
  readonly values: readonly number[];
}

export interface MeanConstants {
  /** Elements that the sum is divided by. */
  readonly elements: PerPosition;
  /** mean = ⌊(Σ·factor + rounding) / divisor⌋ */
  readonly factor: PerPosition;
  readonly rounding: PerPosition;
  readonly divisor: PerPosition;
}

export function meanConstants(node: AvgPool2dNode, input: Shape, output: Shape): MeanConstants {
  const covered = (axis: 0 | 1) =>
    Array.from({ length: output[axis + 1]! }, (_, i) => {
      const from = i * node.stride[axis] - node.padding[axis];
      return Math.min(input[axis + 1]!, from + node.size[axis]) - Math.max(0, from);
    });
  const counts = node.countIncludePad
    ? [node.size[0] * node.size[1]]
    : covered(0).flatMap((rows) => covered(1).map((columns) => rows * columns));
  const uniform = counts.every((count) => count === counts[0]);
  const elements = uniform ? counts.slice(0, 1) : counts;
  const dims = uniform ? [] : output.slice(1);
  const factors = elements.map(meanFactor);
  const perPosition = (values: readonly number[]): PerPosition => ({ dims, values });
  return {
    elements: perPosition(elements),
    factor: perPosition(factors.map(({ factor }) => factor)),
    rounding: perPosition(factors.map(({ rounding }) => rounding)),
    divisor: perPosition(factors.map(({ shift }) => 2 ** shift)),
  };
}
