// "Did you mean": the known name with the least edit distance (Levenshtein 1966), without regard to case.

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** The entry of `known` (not empty) nearest to `name`; the first one on a tie. */
export function nearestName<Name extends string>(name: string, known: readonly Name[]): Name {
  // A name of any length may arrive here; beyond this length it resembles nothing and only costs time.
  const wanted = name.slice(0, 64).toLowerCase();
  let best = known[0]!;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
