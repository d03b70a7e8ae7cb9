// A number in an image that the kernels of a simulated part do not know ends in a typed error on every part, never in logits.
import { describe, expect, it } from 'vitest';
import { loadSimulation } from '../../src/targets/loaded-simulation.js';
import { SIMULATION_TARGET_NAMES, SIMULATION_TARGETS } from '../../src/targets/simulation-targets.js';
import { linearNode, modelOf } from '../networks.js';

const UNKNOWN = 200;
/** The first record; a linear layer's names its kernel in byte 14. */
const RECORD = 16;

const CASES = [
  ['operation', RECORD, 'unknown-op'],
  ['kernel', RECORD + 14, 'unknown-kernel'],
] as const;

describe.each(SIMULATION_TARGET_NAMES)('%s', (name) => {
  const target = SIMULATION_TARGETS[name];
  const variants = target.variants.map((variant) => [variant.name, variant] as const);

  it.each(variants)('refuses an unknown operation and an unknown kernel (%s)', async (_, variant) => {
    for (const [what, offset, code] of CASES) {
      const model = modelOf([3], [linearNode('fc', 'input', 3, 2, '8bit')]);
      const loading = await loadSimulation(model, target, variant);
      if (loading.kind !== 'loaded') throw new Error('three numbers fit everywhere');
      const { device, placement, infer } = loading.simulation;
      expect(infer(Int8Array.of(1, 2, 3)).logits).toHaveLength(2);
      const image = placement.image.slice();
      image[offset] = UNKNOWN;
      device.writeFlash(placement.imageAddress, image);
      expect(() => infer(Int8Array.of(1, 2, 3)), what).toThrow(expect.objectContaining({ name: 'RuntimeError', code }));
    }
  });
});
