// Kernels with a chain in RAM are tried for the networks that gain by them, and gain there what the rule says.
import { describe, expect, it } from 'vitest';
import { defaultsFor } from '../../src/targets/default-variants.js';
import { SIMULATION_TARGETS, type Simulated, simulateModel } from '../../src/targets/index.js';
import { cnn64, fc12k, linearNode } from '../networks.js';
import { syntheticDigit } from '../simulator/synthetic-digits.js';

const target = SIMULATION_TARGETS.ch32v002;
const namesFor = (model: ReturnType<typeof cnn64>) => defaultsFor(model, target).map(({ name }) => name);

async function simulated(model: ReturnType<typeof cnn64>, kernels: string): Promise<Simulated> {
  const inputs = syntheticDigit(1);
  const result = await simulateModel(model, { target: 'ch32v002', kernels, inputs });
  if (result.kind !== 'simulated') throw new Error(JSON.stringify(result.missing));
  return result;
}

describe('kernels with a chain in RAM', () => {
  it('are tried before those with inner loops alone, each compiled alike', () => {
    const names = namesFor(cnn64());
    expect(names.indexOf('fast-chain')).toBe(names.indexOf('fast-loops') - 1);
    expect(names.indexOf('fast-chain-lto')).toBe(names.indexOf('fast-loops-lto') - 1);
  });

  it('are not tried where there is no chain, nor where 4-bit weights behind it cost more', () => {
    expect(namesFor(fc12k()).filter((name) => name.includes('chain'))).toEqual([]);
    // 96 · 64 + 64 · 10 = 6784 weights of 4 bits: 490 for each of 14 channels, and more for each of 13.
    expect(namesFor(cnn64(14))).toContain('fast-chain');
    expect(namesFor(cnn64(13))).not.toContain('fast-chain');
    const wide = cnn64();
    const nodes = wide.nodes.map((node) =>
      node.name === 'fc1' ? linearNode('fc1', 'norm', 256, 96, '4bitsym') : node,
    );
    // 24 576 more: 31 360 for 64 channels are 490 each.
    expect(namesFor({ ...wide, nodes })).toContain('fast-chain');
  });

  it('take fewer cycles, and give the same logits', async () => {
    const model = cnn64(24);
    const [chain, loops] = [await simulated(model, 'fast-chain'), await simulated(model, 'fast-loops')];
    expect(chain.logits).toEqual(loops.logits);
    expect(chain.cycles.mean).toBeLessThan(loops.cycles.mean);
  });
});
