// Summands on one scale: what comes out stands for the sum of what went in, whatever their scales.
import type { QuantizedNode } from '@bitnetmcu/models';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlignedSummands, alignSummands } from './align-summands.js';
import type { IntegerTensor } from './integer-tensor.js';

function tensor(
  node: string,
  type: 'int8' | 'int32',
  scale: number,
  values: readonly number[],
  bound?: number,
): IntegerTensor {
  const largest = type === 'int8' ? 128 : (bound ?? 2 ** 20);
  const ends = { pendingRelu: undefined, limit: Number.POSITIVE_INFINITY };
  return { node, type, scale, bound: largest, values: Float64Array.from(values), ...ends };
}

function aligned(a: IntegerTensor, b: IntegerTensor, factor = 1) {
  const nodes: QuantizedNode[] = [];
  return { nodes, result: alignSummands([a, b], factor, 'sum', (node) => nodes.push(node)) };
}

/** What the addition computes, in real numbers. */
function sumOf({ summands, multiplier, leftShift, scale }: AlignedSummands): number {
  const [a, b] = summands.map(({ values }) => values[0]!) as [number, number];
  return (a * multiplier * 2 ** leftShift[0] + b * 2 ** leftShift[1]) * scale;
}

describe('alignSummands', () => {
  it('shifts the coarser one where scales are a power of two apart', () => {
    const { nodes, result } = aligned(tensor('a', 'int8', 0.5, [3]), tensor('b', 'int32', 0.0625, [100]));
    expect(nodes).toEqual([]);
    expect(result).toMatchObject({ multiplier: 1, leftShift: [3, 0], scale: 0.0625 });
    expect(result.summands.map(({ node }) => node)).toEqual(['a', 'b']);
  });

  it('multiplies by an integer where they are not', () => {
    const { nodes, result } = aligned(tensor('a', 'int8', 0.3, [100]), tensor('b', 'int32', 0.01, [7000]));
    // 0.3/0.01 = 30 = 120/4.
    expect(nodes).toEqual([]);
    expect(result).toMatchObject({ multiplier: 120, leftShift: [0, 2] });
    expect(result.scale).toBeCloseTo(0.0025, 12);
    expect(sumOf(result)).toBeCloseTo(100 * 0.3 + 7000 * 0.01, 9);
  });

  it.each([
    [0.25, 1, [1, 0]],
    [-0.25, -1, [1, 0]],
    // 0.6·0.5/0.0625 = 4.8 = 77/16 but for 0.3 %
    [0.6, 77, [0, 4]],
    [-0.6, -77, [0, 4]],
    [0, 0, [0, 0]],
  ] as const)('takes the factor %d of the first summand', (factor, multiplier, leftShift) => {
    const { result } = aligned(tensor('a', 'int8', 0.5, [40]), tensor('b', 'int32', 0.0625, [100]), factor);
    expect(result).toMatchObject({ multiplier, leftShift });
    expect(Math.abs(sumOf(result) - (factor * 20 + 6.25))).toBeLessThan(0.008 * 20);
  });

  it('stands for the sum within a percent, and within int32', () => {
    const scale = fc.double({ min: -20, max: 20, noNaN: true }).map((exponent) => 2 ** exponent);
    const type = fc.constantFrom('int8', 'int32');
    fc.assert(
      fc.property(
        scale,
        scale,
        type,
        type,
        fc.integer({ min: 7, max: 30 }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.constantFrom(1, 1, 0.37, -1, -0.7, 3.3),
        (sa, sb, ta, tb, bits, share, factor) => {
          const bound = 2 ** bits;
          const [x, y] = [ta === 'int8' ? 100 : bound, Math.trunc(share * (tb === 'int8' ? 100 : bound))];
          const { result } = aligned(tensor('a', ta, sa, [x], bound), tensor('b', tb, sb, [y], bound), factor);
          const { summands, multiplier, leftShift, scale: sum, bound: largest } = result;
          for (const shift of leftShift) expect(shift >= 0 && shift <= 15).toBe(true);
          expect(Math.abs(multiplier)).toBeLessThanOrEqual(127);
          expect(largest).toBeLessThan(2 ** 31);
          const [a, b] = [multiplier * 2 ** leftShift[0], 2 ** leftShift[1]].map(
            (by, i) => summands[i]!.values[0]! * by,
          ) as [number, number];
          expect(Math.max(Math.abs(a), Math.abs(b))).toBeLessThanOrEqual(largest);
          // One summand may be 0.8 % off, and both lose what lies below the sum's unit. Where a negative factor leaves next to nothing of
          // int8, the product loses up to half of 128 units.
          const lost = factor < 0 ? 65 : 2;
          const wanted = factor * x * sa + y * sb;
          const ends = Math.abs(factor) * (ta === 'int8' ? 128 : bound) * sa + (tb === 'int8' ? 128 : bound) * sb;
          expect(Math.abs(sumOf(result) - wanted)).toBeLessThanOrEqual(
            0.008 * (Math.abs(factor * x) * sa + Math.abs(y) * sb) + lost * sum + 1e-6 * ends,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
