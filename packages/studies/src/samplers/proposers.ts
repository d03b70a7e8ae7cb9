// Which point of a space is tried next: any, or a child of the best so far.
import type { Random } from '@bitnetmcu/trainer';
import { bestFirst } from '../front/crowding.js';
import type { Fitness } from '../front/domination.js';
import { crossGenes, type Genes, mutateGenes, randomGenes, type Space } from './space.js';

/** A point that was tried, and what it came to. */
export interface Tried {
  readonly genes: Genes;
  readonly fitness: Fitness;
}

/** Looks at what was tried, each point once, more from time to time; then says what is tried next, as often as it is asked. */
export type Proposer = (tried: readonly Tried[]) => (random: Random) => Genes;

/** Any point, whatever came out before. */
export function randomProposer(space: Space): Proposer {
  return () => (random) => randomGenes(space, random);
}

/** How often a child has two parents, and not one that is changed. */
const CROSSOVER = 0.9;
/** What ranks behind so many populations is forgotten, so that the thousandth child costs no more than the hundredth. */
const KEPT = 4;

/**
 * NSGA-II, one child at a time (Deb, Pratap, Agarwal, Meyarivan 2002; steady state after Durillo et al. 2009): of what was tried the best `population`
 * by front and crowding are parents, chosen in tournaments of two.
 * @param population as many random points come first
 */
export function evolutionProposer(space: Space, population: number): Proposer {
  const forgotten = new Set<Genes>();
  return (tried) => {
    if (tried.length < population) return (random) => randomGenes(space, random);
    const known = tried.filter(({ genes }) => !forgotten.has(genes));
    const ranked = bestFirst(known.map(({ fitness }) => fitness)).map((i) => known[i]!.genes);
    for (const genes of ranked.slice(KEPT * population)) forgotten.add(genes);
    const parents = ranked.slice(0, population);
    const parent = (random: Random) =>
      parents[Math.min(random.nextBelow(parents.length), random.nextBelow(parents.length))]!;
    return (random) => {
      const [one, other] = [parent(random), parent(random)];
      const child = random.nextFloat() < CROSSOVER ? crossGenes(space, one, other, random) : one;
      return mutateGenes(space, child, random);
    };
  };
}
