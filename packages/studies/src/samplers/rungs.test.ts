// Which short run goes on.
import { describe, expect, it } from 'vitest';
import { comparedShort } from '../search/objectives.js';
import { Rungs } from './rungs.js';

/** Error, size, and by how much 90 % are missed, of three networks after a short run. */
const SHORT = [
  { objectives: [0.5, 10], violation: 0.4 },
  { objectives: [0.3, 90], violation: 0.2 },
  { objectives: [0.6, 20], violation: 0.5 },
];

function promotedOf(rungs: Rungs): number[] {
  for (const [candidate, fitness] of SHORT.entries()) rungs.ended(candidate, 0, fitness);
  rungs.ended(3, 0, { objectives: [], violation: Number.POSITIVE_INFINITY });
  const promoted: number[] = [];
  for (let one = rungs.promote(); one !== undefined; one = rungs.promote()) promoted.push(one.candidate);
  return promoted;
}

describe('Rungs', () => {
  it('takes small networks as well as accurate ones where short runs need not be accurate', () => {
    // The first is the smallest, the second the most accurate; the third is worse than the first in both.
    expect(promotedOf(new Rungs(2, 2, comparedShort))).toEqual([0, 1]);
    expect(promotedOf(new Rungs(2, 4 / 3, comparedShort))).toEqual([0, 1, 2]);
  });

  it('else takes what breaks limits least, and never what came to nothing', () => {
    expect(promotedOf(new Rungs(2, 2, (fitness) => fitness))).toEqual([1, 0]);
    expect(promotedOf(new Rungs(2, 1.0001, (fitness) => fitness))).toEqual([1, 0, 2]);
  });
});
