// simulateModel on the parts that simulate-model.test.ts leaves out, and at the limit of a part's RAM.
import { describe, expect, it } from 'vitest';
import { simulateModel } from '../../src/targets/index.js';
import { linearNode, modelOf } from '../networks.js';
import { describeSimulation } from './part-simulation.js';
import { OTHER_PARTS } from './tested-parts.js';

describeSimulation(OTHER_PARTS);

describe('a model at the limit of the RP2040', () => {
  // 1024 int8 → n → 10 of 8 bits in 270 336 bytes: weights take 1034 n, buffers 1024 + 4 n + 40. 252 leave 7.7 kB for code and stack, 260 none.
  it.each([
    [248, 'simulated'],
    [252, 'simulated'],
    [260, 'does-not-fit'],
  ])('of %i hidden neurons: %s', async (n, kind) => {
    const model = modelOf(
      [1024],
      [
        linearNode('fc1', 'input', 1024, n, '8bit'),
        { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
        linearNode('fc2', 'norm', n, 10, '8bit'),
      ],
    );
    const inputs = Int8Array.from({ length: 1024 }, (_, i) => (i % 7) - 3);
    const result = await simulateModel(model, { target: 'rp2040', inputs });
    expect(result.kind).toBe(kind);
    if (result.kind === 'does-not-fit') expect(result.missing.ram).toBeGreaterThan(1034 * n + 1064 + 4 * n - 270_336);
  });
});
