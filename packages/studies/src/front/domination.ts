// Who is better than whom where there are several objectives, all to be made small, and limits that may be broken.

/** What a run came to. */
export interface Fitness {
  /** Each to be made small. */
  readonly objectives: readonly number[];
  /** By how much limits are broken together, 0 where none is; Infinity for what did not come to anything. */
  readonly violation: number;
}

/** Pareto domination: nowhere larger, somewhere smaller. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let smaller = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) smaller = true;
  }
  return smaller;
}

/** Constrained domination (Deb 2002): what breaks limits less is better; within them, or of the same violation, Pareto domination. */
function dominatesConstrained(a: Fitness, b: Fitness): boolean {
  if (a.violation !== b.violation) return a.violation < b.violation;
  return dominates(a.objectives, b.objectives);
}

/**
 * Non-dominated sorting: the indices that nothing dominates, then those that only these dominate, and so on
 * (Deb, Pratap, Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002).
 */
export function nonDominatedSort(points: readonly Fitness[]): number[][] {
  const dominated: number[][] = points.map(() => []);
  const dominators = new Uint32Array(points.length);
  for (let i = 0; i < points.length; i++) {
    for (let j = i + 1; j < points.length; j++) {
      if (dominatesConstrained(points[i]!, points[j]!)) {
        dominated[i]!.push(j);
        dominators[j]!++;
      } else if (dominatesConstrained(points[j]!, points[i]!)) {
        dominated[j]!.push(i);
        dominators[i]!++;
      }
    }
  }
  const fronts: number[][] = [];
  let front = points.flatMap((_, i) => (dominators[i] === 0 ? [i] : []));
  while (front.length > 0) {
    fronts.push(front);
    front = front.flatMap((i) => dominated[i]!.filter((j) => --dominators[j]! === 0)).sort((a, b) => a - b);
  }
  return fronts;
}
