// Sorting, crowding and volumes against what counting finds.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestFirst, crowdingDistances } from './crowding.js';
import { type Fitness, nonDominatedSort } from './domination.js';
import { hypervolume } from './hypervolume.js';

/** Coordinates are small integers, so that equal ones and dominated ones are frequent. */
const SIDE = 5;
const points = (objectives: number) =>
  fc.array(fc.array(fc.integer({ min: 0, max: SIDE - 1 }), { minLength: objectives, maxLength: objectives }), {
    maxLength: 14,
  });

describe('hypervolume', () => {
  it.each([1, 2, 3, 4])('of %d objectives is the number of unit cells that some point dominates', (objectives) => {
    const cells = Array.from({ length: SIDE ** objectives }, (_, cell) =>
      Array.from({ length: objectives }, (_unused, k) => Math.floor(cell / SIDE ** k) % SIDE),
    );
    fc.assert(
      fc.property(points(objectives), (found) => {
        const counted = cells.filter((cell) => found.some((point) => point.every((value, k) => value <= cell[k]!)));
        expect(hypervolume(found, new Array<number>(objectives).fill(SIDE))).toBe(counted.length);
      }),
      { numRuns: 200 },
    );
  });

  it('does not count what is beyond the reference', () => {
    expect(hypervolume([[1, 7]], [5, 5])).toBe(0);
    expect(hypervolume([], [5, 5])).toBe(0);
  });

  it('of the sphere octant is near to 1 − π/6', () => {
    // Points on x² + y² + z² = 1 seen from the reference (1, 1, 1) as a front that bulges away from it.
    const steps = 24;
    const octant = Array.from({ length: steps }, (_, i) =>
      Array.from({ length: steps }, (_unused, j) => {
        const [polar, azimuth] = [((i + 0.5) * Math.PI) / 2 / steps, ((j + 0.5) * Math.PI) / 2 / steps];
        return [Math.sin(polar) * Math.cos(azimuth), Math.sin(polar) * Math.sin(azimuth), Math.cos(polar)];
      }),
    ).flat();
    const found = hypervolume(octant, [1, 1, 1]);
    expect(found).toBeLessThan(1 - Math.PI / 6);
    expect(found).toBeGreaterThan(0.85 * (1 - Math.PI / 6));
  });
});

const fitnesses = fc.array(
  fc.record({
    objectives: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
    violation: fc.constantFrom(0, 0, 0, 1, 2, Number.POSITIVE_INFINITY),
  }),
  { maxLength: 25 },
);

/** By the definition, written anew. */
function better(a: Fitness, b: Fitness): boolean {
  if (a.violation < b.violation) return true;
  if (a.violation > b.violation) return false;
  return a.objectives.every((value, k) => value <= b.objectives[k]!) && String(a.objectives) !== String(b.objectives);
}

describe('nonDominatedSort', () => {
  it('peels off front by front what nothing that is left dominates', () => {
    fc.assert(
      fc.property(fitnesses, (found) => {
        let left = found.map((_, i) => i);
        for (const front of nonDominatedSort(found)) {
          const best = left.filter((i) => !left.some((j) => better(found[j]!, found[i]!)));
          expect(front).toEqual(best);
          left = left.filter((i) => !best.includes(i));
        }
        expect(left).toEqual([]);
      }),
    );
  });
});

describe('crowdingDistances', () => {
  it('is worked by hand', () => {
    // Extents 10 and 8: (4 − 0)/10 + (8 − 3)/8, (10 − 1)/10 + (6 − 0)/8.
    const front = [
      [0, 8],
      [1, 6],
      [4, 3],
      [10, 0],
    ];
    const inf = Number.POSITIVE_INFINITY;
    expect(crowdingDistances(front)).toEqual([inf, 0.4 + 5 / 8, 0.9 + 6 / 8, inf]);
    expect(crowdingDistances([[1, 1]])).toEqual([inf]);
    expect(crowdingDistances([])).toEqual([]);
  });
});

describe('bestFirst', () => {
  it('has all points once, no point before one that dominates it', () => {
    fc.assert(
      fc.property(fitnesses, (found) => {
        const order = bestFirst(found);
        expect([...order].sort((a, b) => a - b)).toEqual(found.map((_, i) => i));
        order.forEach((i, k) => {
          for (const j of order.slice(k + 1)) expect(better(found[j]!, found[i]!)).toBe(false);
        });
      }),
    );
  });
});
