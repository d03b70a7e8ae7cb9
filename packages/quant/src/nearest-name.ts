// "Did you mean …": the candidate with the smallest edit distance, and the sentence that refuses a name with it.

/**
 * The candidate nearest to `name`, or undefined when none is near: edit distance (insert, delete, replace, swap of
 * neighbours; case differences count a tenth) of at most a third of the longer name's length, at least 1.
 */
export function nearestName<Name extends string>(name: string, candidates: Iterable<Name>): Name | undefined {
  let best: Name | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.max(name.length, candidate.length) / 3);
    const distance = editDistance(name, candidate);
    if (distance <= limit && distance < bestDistance && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * The message for a name that is none of a registry's: `There is no target "ch32v03". Did you mean "ch32v003"? Known: ch32v003, rp2040.`
 * @param what what such a name is for, in the singular: `weight format`, `target`
 */
export function unknownName(what: string, name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  // A name may come from a file: it is cut, and its control characters are shown as escapes.
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
  return `There is no ${what} ${shown}.${hint} ${names.length === 0 ? 'None is known.' : `Known: ${names.join(', ')}.`}`;
}

/** Optimal string alignment distance; long strings are cut, so that hostile names cost nothing. */
function editDistance(left: string, right: string): number {
  const a = left.slice(0, 64);
  const b = right.slice(0, 64);
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      let cost = 1;
      if (a[i - 1] === b[j - 1]) cost = 0;
      else if (a[i - 1]!.toLowerCase() === b[j - 1]!.toLowerCase()) cost = 0.1;
      let distance = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforePrevious[j - 2]! + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}
