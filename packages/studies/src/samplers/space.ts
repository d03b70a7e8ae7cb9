// A search space as data: named dimensions, and how points of it are drawn, changed and mixed.
import type { Random } from '@bitnetmcu/trainer';

/** What one gene may be. Numbers that span orders of magnitude are drawn by their logarithm. */
export type Dimension =
  | { readonly kind: 'choice'; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly log?: boolean | undefined }
  | { readonly kind: 'real'; readonly min: number; readonly max: number; readonly log?: boolean | undefined };

export type Space = Readonly<Record<string, Dimension>>;

/** A point of a space: of choices the position among the values, else the number. */
export type Genes = Readonly<Record<string, number>>;

/** A point, every dimension uniform (by the logarithm where it says so). */
export function randomGenes(space: Space, random: Random): Genes {
  return mapGenes(space, (dimension) => {
    if (dimension.kind === 'choice') return random.nextBelow(dimension.values.length);
    return atShare(dimension, random.nextFloat());
  });
}

/** Index of mutation and crossover (Deb, Agrawal 1995): larger keeps nearer to the parents. */
const SPREAD = 15;

/**
 * Changes each gene with probability 1/genes, at least one: choices to another value, numbers by polynomial mutation (Deb, Goyal 1996), integers to
 * another number.
 */
export function mutateGenes(space: Space, genes: Genes, random: Random): Genes {
  const names = Object.keys(space);
  const always = names[random.nextBelow(names.length)];
  return mapGenes(space, (dimension, name) => {
    const gene = genes[name]!;
    if (name !== always && random.nextFloat() * names.length >= 1) return gene;
    if (dimension.kind === 'choice') {
      const { length } = dimension.values;
      return length < 2 ? gene : (gene + 1 + random.nextBelow(length - 1)) % length;
    }
    const changed = atShare(dimension, shareOf(dimension, gene) + polynomialStep(random.nextFloat()));
    if (dimension.kind === 'real' || changed !== gene || dimension.min === dimension.max) return changed;
    const up = gene === dimension.min || (gene !== dimension.max && random.nextFloat() < 0.5);
    return gene + (up ? 1 : -1);
  });
}

/** A child of two: choices of either; numbers by simulated binary crossover for half of them (Deb, Agrawal 1995), else of either. */
export function crossGenes(space: Space, a: Genes, b: Genes, random: Random): Genes {
  return mapGenes(space, (dimension, name) => {
    const [one, other] = random.nextFloat() < 0.5 ? [a[name]!, b[name]!] : [b[name]!, a[name]!];
    if (dimension.kind === 'choice' || random.nextFloat() < 0.5) return one;
    const u = random.nextFloat();
    const spread = u < 0.5 ? (2 * u) ** (1 / (SPREAD + 1)) : (1 / (2 * (1 - u))) ** (1 / (SPREAD + 1));
    const [x, y] = [shareOf(dimension, one), shareOf(dimension, other)];
    return atShare(dimension, ((1 + spread) * x + (1 - spread) * y) / 2);
  });
}

/** What a gene stands for. */
export function geneValue(dimension: Dimension, gene: number): string | number | boolean {
  return dimension.kind === 'choice' ? dimension.values[gene]! : gene;
}

function polynomialStep(u: number): number {
  return u < 0.5 ? (2 * u) ** (1 / (SPREAD + 1)) - 1 : 1 - (2 * (1 - u)) ** (1 / (SPREAD + 1));
}

type Numbers = Exclude<Dimension, { kind: 'choice' }>;

/** The interval that is shared out: every integer has as much of it, the ends as well. */
function endsOf({ min, max, kind }: Numbers): readonly [low: number, high: number] {
  return kind === 'real' ? [min, max] : [min - 0.5, max + 0.5];
}

/** Where a number lies between the ends, 0 … 1: what `atShare` gives it for. */
function shareOf(dimension: Numbers, value: number): number {
  if (dimension.min === dimension.max) return 0;
  const [low, high] = endsOf(dimension);
  return dimension.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

function atShare(dimension: Numbers, share: number): number {
  const { min, max, log, kind } = dimension;
  const [low, high] = endsOf(dimension);
  const at = Math.min(1, Math.max(0, share));
  const value = log ? low * (high / low) ** at : low + (high - low) * at;
  return Math.min(max, Math.max(min, kind === 'real' ? value : Math.round(value)));
}

function mapGenes(space: Space, gene: (dimension: Dimension, name: string) => number): Genes {
  return Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, gene(dimension, name)]));
}
