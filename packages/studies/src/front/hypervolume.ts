// Dominated hypervolume: how much of the space up to a reference point a front covers. One figure for a whole front; larger is better.
import { dominates } from './domination.js';

type Point = readonly number[];

/**
 * The exact volume that points, to be made small, dominate below a reference point (While, Bradstreet, Barone, "A fast way of calculating exact
 * hypervolumes", 2012). Meant for two to four objectives and some hundred points.
 * @param reference a point that is worse than those that shall count, in as many objectives
 */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter((point) => point.every((value, i) => value < reference[i]!));
  return volume(nonDominated(inside), reference);
}

function volume(front: readonly Point[], reference: Point): number {
  if (front.length === 0) return 0;
  if (reference.length === 1) return reference[0]! - Math.min(...front.map(([value]) => value!));
  if (reference.length === 2) return area(front, reference);
  // The worst in the last objective first: what they share with those behind them is then flat soonest.
  const order = [...front].sort((a, b) => b.at(-1)! - a.at(-1)!);
  return order.reduce((sum, point, i) => {
    const limited = order.slice(i + 1).map((other) => other.map((value, k) => Math.max(value, point[k]!)));
    return sum + boxOf(point, reference) - volume(nonDominated(limited), reference);
  }, 0);
}

/** Two objectives: stairs. */
function area(front: readonly Point[], [right, top]: Point): number {
  let [sum, height] = [0, top!];
  for (const [x, y] of [...front].sort((a, b) => a[0]! - b[0]!)) {
    if (y! >= height) continue;
    sum += (right! - x!) * (height - y!);
    height = y!;
  }
  return sum;
}

function boxOf(point: Point, reference: Point): number {
  return point.reduce((product, value, i) => product * (reference[i]! - value), 1);
}

/** Those that no other one dominates, each once. */
function nonDominated(points: readonly Point[]): Point[] {
  return points.filter((point, i) =>
    points.every(
      (other, j) => i === j || !(dominates(other, point) || (j < i && other.every((value, k) => value === point[k]))),
    ),
  );
}
