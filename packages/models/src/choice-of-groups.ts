// Groups of channels of which those with the largest scores are kept: what the layer and the operation of the integer network share.
import { ModelError } from './errors.js';
import { formatShape, type Shape } from './tensor-shape.js';

/**
 * The shape of what is kept: that of the first tensor. The second has a score a group; channel c belongs to group ⌊c·groups/channels⌋.
 * @param keep how many groups are kept
 * @throws ModelError `shape-mismatch`
 */
export function chosenShape(who: string, [values, scores]: readonly Shape[], keep: number): Shape {
  const [channels] = values!;
  const [groups] = scores!;
  if (scores!.length !== 1) {
    throw new ModelError(
      'shape-mismatch',
      `${who} reads scores of shape ${formatShape(scores!)}, [groups] wanted: the outputs of a linear layer.`,
    );
  }
  if (channels % groups !== 0) {
    throw new ModelError(
      'shape-mismatch',
      `${who} reads ${channels} channels and ${groups} scores: as many groups of equal size wanted, so give the layer of the scores a divisor of ${channels} as outputs.`,
    );
  }
  if (keep > groups) {
    throw new ModelError('shape-mismatch', `${who} keeps ${keep} of ${groups} groups: at most ${groups} wanted.`);
  }
  return values!;
}

/**
 * Marks the groups that are kept, 1, and the others, 0: those with the `keep` largest scores, of equal ones the first.
 * @param kept one a group; written
 */
export function chooseGroups(scores: ArrayLike<number>, keep: number, kept: Uint8Array): void {
  for (let group = 0; group < scores.length; group++) {
    let before = 0;
    for (let other = 0; other < scores.length; other++) {
      if (scores[other]! > scores[group]! || (scores[other] === scores[group] && other < group)) before++;
    }
    kept[group] = Number(before < keep);
  }
}
