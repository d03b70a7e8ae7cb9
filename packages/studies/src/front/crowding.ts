// Crowding distance: how alone a point stands on its front, and the order of points by front and by that.
import { type Fitness, nonDominatedSort } from './domination.js';

/**
 * Of each point of one front: the sum over objectives of the distance between its two neighbours, in shares of the front's extent; Infinity at the
 * ends (Deb 2002).
 */
export function crowdingDistances(front: readonly (readonly number[])[]): number[] {
  const distances = new Array<number>(front.length).fill(0);
  for (let objective = 0; objective < (front[0]?.length ?? 0); objective++) {
    const value = (i: number) => front[i]![objective]!;
    const order = front.map((_, i) => i).sort((i, j) => value(i) - value(j) || i - j);
    const [first, last] = [order[0]!, order.at(-1)!];
    const extent = value(last) - value(first);
    distances[first] = Number.POSITIVE_INFINITY;
    distances[last] = Number.POSITIVE_INFINITY;
    if (!(extent > 0)) continue;
    for (let k = 1; k < order.length - 1; k++)
      distances[order[k]!]! += (value(order[k + 1]!) - value(order[k - 1]!)) / extent;
  }
  return distances;
}

/** Indices of the points from best to worst: by front, within one from the loneliest on; equals in the order given. */
export function bestFirst(points: readonly Fitness[]): number[] {
  return nonDominatedSort(points).flatMap((front) => {
    const distances = crowdingDistances(front.map((i) => points[i]!.objectives));
    return front
      .map((index, k) => ({ index, distance: distances[k]! }))
      .sort((a, b) => (a.distance === b.distance ? a.index - b.index : b.distance - a.distance))
      .map(({ index }) => index);
  });
}
