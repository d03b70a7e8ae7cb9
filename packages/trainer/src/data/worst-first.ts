// Features of which some values are out of line, as messages name them.

/** Features that a message names. */
const NAMED = 5;

/** A share of 1: 12.3 %. What is there is never called 0. */
function percent(share: number): string {
  return share < 0.001 ? 'under 0.1 %' : `${(100 * share).toFixed(1)} %`;
}

/**
 * The features with such values, those with most of them first.
 * @param counts of each feature; `values`: of how many each; `few`: up to this share nothing is said
 * @returns undefined where there is none; `named` each with its share, `more` how many are not named: ", and 4 more"
 */
export function worstFirst(
  counts: ArrayLike<number>,
  values: number,
  title: (feature: number) => string,
  few = 0,
): { readonly named: string; readonly more: string } | undefined {
  const worst = Array.from({ length: counts.length }, (_, feature) => feature)
    .filter((feature) => counts[feature]! > few * values)
    .sort((a, b) => counts[b]! - counts[a]!);
  if (worst.length === 0) return undefined;
  const named = worst.slice(0, NAMED).map((feature) => `${title(feature)} ${percent(counts[feature]! / values)}`);
  return { named: named.join(', '), more: worst.length > NAMED ? `, and ${worst.length - NAMED} more` : '' };
}
