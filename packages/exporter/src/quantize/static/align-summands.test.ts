// Summands on one scale: what comes out stands for the sum of what went in, whatever their scales.
import type { QuantizedNode } from '@bitnetmcu/models';
import { getFormat } from '@bitnetmcu/quant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSummands } from './align-summands.js';
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

function aligned(a: IntegerTensor, b: IntegerTensor, shape: readonly [number] | readonly [number, number, number]) {
  const nodes: QuantizedNode[] = [];
  return { nodes, result: alignSummands([a, b], 'sum', shape, (node) => nodes.push(node)) };
}

describe('alignSummands', () => {
  it('shifts the coarser one where scales are a power of two apart', () => {
    const { nodes, result } = aligned(tensor('a', 'int8', 0.5, [3]), tensor('b', 'int32', 0.0625, [100]), [1]);
    expect(nodes).toEqual([]);
    expect(result).toMatchObject({ leftShift: [3, 0], scale: 0.0625 });
    expect(result!.summands.map(({ node }) => node)).toEqual(['a', 'b']);
  });

  it('multiplies maps by an integer where they are not, and gives up on vectors', () => {
    const [a, b] = [tensor('a', 'int8', 0.3, [100]), tensor('b', 'int32', 0.01, [7000])];
    expect(aligned(a, b, [1]).result).toBeUndefined();
    const { nodes, result } = aligned(a, b, [1, 1, 1]);
    const [scaled] = nodes;
    if (scaled?.op !== 'conv2d') throw new Error('a convolution is wanted');
    // 0.3/0.01 = 30 = 120/4.
    expect(getFormat('8bit').integers[scaled.weights.codes[0]!]).toBe(120);
    expect(result!.summands[0].values).toEqual(Float64Array.of(12_000));
    expect(result!.scale).toBeCloseTo(0.0025, 12);
    expect(result!.leftShift).toEqual([0, 2]);
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
        (sa, sb, ta, tb, bits, share) => {
          const bound = 2 ** bits;
          const [x, y] = [ta === 'int8' ? 100 : bound, Math.trunc(share * (tb === 'int8' ? 100 : bound))];
          const { result } = aligned(tensor('a', ta, sa, [x], bound), tensor('b', tb, sb, [y], bound), [1, 1, 1]);
          const { summands, leftShift, scale: sum, bound: largest } = result!;
          for (const shift of leftShift) expect(shift >= 0 && shift <= 15).toBe(true);
          expect(largest).toBeLessThan(2 ** 31);
          const [a, b] = summands.map(({ values }, i) => values[0]! * 2 ** leftShift[i]!) as [number, number];
          expect(Math.max(Math.abs(a), Math.abs(b))).toBeLessThanOrEqual(largest);
          // One summand may be 0.8 % off and both lose what lies below the sum's unit.
          expect(Math.abs((a + b) * sum - (x * sa + y * sb))).toBeLessThanOrEqual(
            0.008 * (Math.abs(x) * sa + Math.abs(y) * sb) + 2 * sum,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
