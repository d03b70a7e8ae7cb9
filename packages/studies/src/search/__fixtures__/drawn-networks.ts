// Kinds of samples with budgets, and networks drawn for each.
import type { Shape } from '@bitnetmcu/models';
import { Random } from '@bitnetmcu/trainer';
import { type Genes, mutateGenes, randomGenes } from '../../samplers/space.js';
import type { SearchBudget } from '../budget.js';
import { searchedConfigs } from '../searched-configs.js';
import { blobs } from './blobs.js';

/** Drawn points of the space of each kind. */
export const POINTS = 1000;

export const kinds: readonly [kind: string, shape: Shape, budget: SearchBudget][] = [
  ['images', [1, 28, 28], { target: 'ch32v003' }],
  ['colour images', [3, 20, 30], { target: 'ch32v003', maxWeights: 3000 }],
  ['tables', [13], { target: 'ch32v003', maxWeights: 1000 }],
  ['signals', [3, 1, 100], { target: 'ch32v003' }],
  ['short signals', [12, 1, 4], { target: 'attiny85' }],
];

/** The search space for a kind, and the networks of its first points and of those drawn. */
export function drawnNetworks(shape: Shape, budget: SearchBudget) {
  const configs = searchedConfigs({ dataset: blobs(shape), data: { kind: 'mnist' }, budget, seed: 1 });
  const { space, start } = configs.networks;
  const random = new Random(1);
  const points: Genes[] = Array.from({ length: POINTS }, (_unused, i) =>
    i % 2 === 0 ? randomGenes(space, random) : mutateGenes(space, start[i % start.length]!, random),
  );
  const made = [...start, ...points].map((genes) => configs.config(genes));
  return { configs, start, networks: made.flatMap((config) => config?.network ?? []) };
}
