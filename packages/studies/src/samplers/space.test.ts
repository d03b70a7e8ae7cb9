import { Random } from '@bitnetmcu/trainer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossGenes, type Dimension, type Genes, geneValue, mutateGenes, randomGenes, type Space } from './space.js';

const bounds = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }));
const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  fc.array(fc.string(), { minLength: 1, maxLength: 5 }).map((values) => ({ kind: 'choice' as const, values })),
  fc
    .tuple(fc.constantFrom('integer' as const, 'real' as const), bounds, fc.boolean())
    .map(([kind, [min, width], log]) => ({ kind, min, max: min + width, log })),
);
const spaces: fc.Arbitrary<Space> = fc.dictionary(fc.string({ minLength: 1 }), dimension, { minKeys: 1, maxKeys: 8 });

function isInside(space: Space, genes: Genes): boolean {
  return Object.entries(space).every(([name, one]) => {
    const gene = genes[name]!;
    if (one.kind === 'choice') return geneValue(one, gene) !== undefined;
    return gene >= one.min && gene <= one.max && (one.kind === 'real' || Number.isInteger(gene));
  });
}

describe('points of a space', () => {
  it('stay inside, drawn, changed and mixed', () => {
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const random = Random.of(seed);
        const [a, b] = [randomGenes(space, random), randomGenes(space, random)];
        const child = crossGenes(space, a, b, random);
        for (const genes of [a, b, child, mutateGenes(space, child, random)]) expect(isInside(space, genes)).toBe(true);
      }),
    );
  });

  it('are what equal parents are, mixed', () => {
    const isNear = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
    fc.assert(
      fc.property(spaces, fc.integer(), (space, seed) => {
        const random = Random.of(seed);
        const parent = randomGenes(space, random);
        const child = crossGenes(space, parent, parent, random);
        for (const [name, { kind }] of Object.entries(space)) {
          if (kind === 'real') expect(isNear(child[name]!, parent[name]!)).toBe(true);
          else expect(child[name]).toBe(parent[name]);
        }
      }),
    );
    // Every width that there is, not only those that are drawn.
    const width: Dimension = { kind: 'integer', min: 1, max: 96, log: true };
    const random = new Random(1);
    for (let channels = 1; channels <= 96; channels++)
      expect(crossGenes({ width }, { width: channels }, { width: channels }, random)).toEqual({ width: channels });
  });

  it('are changed by every mutation, where there is anything else to be', () => {
    const space: Space = {
      kind: { kind: 'choice', values: ['a', 'b'] },
      width: { kind: 'integer', min: 1, max: 64, log: true },
      rate: { kind: 'real', min: 1e-4, max: 1, log: true },
    };
    const random = new Random(1);
    for (let i = 0; i < 500; i++) {
      const genes = randomGenes(space, random);
      expect(mutateGenes(space, genes, random)).not.toEqual(genes);
    }
  });

  it('are as frequent as their logarithms, or all alike', () => {
    const random = new Random(1);
    const draw = (log: boolean) =>
      Array.from({ length: 4000 }, () => randomGenes({ x: { kind: 'integer', min: 1, max: 100, log } }, random).x!);
    // Half of 1 … 100; √(0.5·100.5) = 7.09 by the logarithm, so that 1 … 7 are 7.5/0.5 of 201: ln 15/ln 201 = 51 %.
    expect(draw(false).filter((x) => x <= 50).length / 4000).toBeCloseTo(0.5, 1);
    expect(draw(true).filter((x) => x <= 7).length / 4000).toBeCloseTo(0.51, 1);
  });
});
