// Points of the search space: whatever is drawn is a network within what is certain of the budget; that it has integers: networks.long.test.ts.
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import { inferShapes } from '@bitnetmcu/models';
import { outputCount } from '@bitnetmcu/models/internal';
import { Random } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { randomGenes } from '../samplers/space.js';
import { blobs } from './__fixtures__/blobs.js';
import { drawnNetworks, kinds, POINTS } from './__fixtures__/drawn-networks.js';
import { certainViolation, modelCosts } from './cost-model.js';
import { searchedConfigs } from './searched-configs.js';
import { untrainedModel } from './untrained.js';

/** Building firmware takes seconds. */
const BUILT = 2;

describe.each(kinds)('networks for %s', (_, shape, budget) => {
  const { configs, start, networks } = drawnNetworks(shape, budget);

  it('are within what is certain of the budget, with as many outputs as there are classes', () => {
    // Of colour images 30 pixels wide the input alone is nearly all RAM.
    expect(networks.length).toBeGreaterThan(0.6 * POINTS);
    for (const network of networks) {
      expect(outputCount(inferShapes(network))).toBe(3);
      expect(certainViolation(network, budget)).toBe(0);
    }
    expect(start.some((genes) => configs.config(genes) !== undefined)).toBe(true);
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
