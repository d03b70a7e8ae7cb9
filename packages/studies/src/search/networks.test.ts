// Points of the search space: whatever is drawn is a network that trains and has integers, within what is certain of the budget.
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import { inferShapes, type Shape, summarizeModel, summarizeSpec } from '@bitnetmcu/models';
import { outputCount } from '@bitnetmcu/models/internal';
import { Random } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { type Genes, mutateGenes, randomGenes } from '../samplers/space.js';
import { blobs } from './__fixtures__/blobs.js';
import type { SearchBudget } from './budget.js';
import { certainViolation, modelCosts } from './cost-model.js';
import { searchedConfigs } from './searched-configs.js';
import { untrainedModel } from './untrained.js';

const POINTS = 1000;
/** Making integers takes tens of milliseconds; of the others the spec is checked. */
const QUANTIZED = 300;
/** Building firmware takes seconds. */
const BUILT = 2;

const kinds: readonly [kind: string, shape: Shape, budget: SearchBudget][] = [
  ['images', [1, 28, 28], { target: 'ch32v003' }],
  ['colour images', [3, 20, 30], { target: 'ch32v003', maxWeights: 3000 }],
  ['tables', [13], { target: 'ch32v003', maxWeights: 1000 }],
  ['signals', [3, 1, 100], { target: 'ch32v003' }],
  ['short signals', [12, 1, 4], { target: 'attiny85' }],
];

describe.each(kinds)('networks for %s', (_, shape, budget) => {
  const dataset = blobs(shape);
  const configs = searchedConfigs({ dataset, data: { kind: 'mnist' }, budget, seed: 1 });
  const { space, start } = configs.networks;
  const random = new Random(1);
  const points: Genes[] = Array.from({ length: POINTS }, (_unused, i) =>
    i % 2 === 0 ? randomGenes(space, random) : mutateGenes(space, start[i % start.length]!, random),
  );
  const made = [...start, ...points].map((genes) => configs.config(genes));
  const networks = made.flatMap((config) => config?.network ?? []);

  it('are within what is certain of the budget, with as many outputs as there are classes', () => {
    // Of colour images 30 pixels wide the input alone is nearly all RAM.
    expect(networks.length).toBeGreaterThan(0.6 * POINTS);
    for (const network of networks) {
      expect(outputCount(inferShapes(network))).toBe(3);
      expect(certainViolation(network, budget)).toBe(0);
    }
    expect(start.some((genes) => configs.config(genes) !== undefined)).toBe(true);
  });

  it('have integers, with as many bytes of weights as the network says', () => {
    const some = Array.from(
      { length: QUANTIZED },
      (_unused, i) => networks[Math.floor((i * networks.length) / QUANTIZED)]!,
    );
    const other = some.filter(
      (network) => summarizeModel(untrainedModel(network)).total.bytes !== summarizeSpec(network).total.bytes,
    );
    // With static scales the weights of a layer of five or six may lie on the grid of another format, too, which is then taken.
    expect(other.length).toBeLessThan(shape[0] === 1 ? 1 : 0.02 * QUANTIZED);
  });
});

describe('estimated costs', () => {
  it.each(kinds.slice(0, 4))('of networks for %s agree with built firmware', async (_, shape, budget) => {
    const configs = searchedConfigs({ dataset: blobs(shape), data: { kind: 'mnist' }, budget, seed: 1 });
    const random = new Random(3);
    for (let built = 0; built < BUILT; ) {
      const config = configs.config(randomGenes(configs.networks.space, random));
      if (config === undefined) continue;
      const model = untrainedModel(config.network);
      const estimated = await modelCosts(model, budget);
      if (!estimated.fits) continue;
      built++;
      const found = await modelCosts(model, budget, firmwareFacts(model, 'ch32v003'));
      // Estimates say rather too much than too little.
      const [flash, ram] = [estimated.flashBytes - found.flashBytes, estimated.ramBytes - found.ramBytes];
      expect(flash).toBeGreaterThan(-50);
      expect(flash).toBeLessThan(500);
      expect(ram).toBeGreaterThan(-20);
      expect(ram).toBeLessThan(150);
      expect(Math.abs(estimated.cycles! - found.cycles!)).toBeLessThan(500 + 0.12 * found.cycles!);
    }
  });
});
