// The conformance suite inside a simulated part, over all of its kernels.
import { runConformance } from '@bitnetmcu/models/conformance';
import { describe, expect, it } from 'vitest';
import {
  type KernelVariant,
  SIMULATION_TARGETS,
  type SimulationTargetName,
  SimulatorBackend,
} from '../../src/targets/index.js';

const MODELS = Number(process.env.BNM_CONFORMANCE_MODELS ?? 8);

/** One of the variants for each pair of image and layout. */
function distinctKernels(target: SimulationTargetName): string[] {
  const variants: readonly KernelVariant[] = SIMULATION_TARGETS[target].variants;
  return [...new Map(variants.map(({ name, image, layout }) => [`${image} ${layout}`, name])).values()];
}

/** Declares the tests of these parts. */
export function describeConformance(targets: readonly SimulationTargetName[]): void {
  describe.each(targets)('sim:%s', (target) => {
    it.each(distinctKernels(target))('%s kernels', async (kernels) => {
      const report = await runConformance(new SimulatorBackend(target, kernels), {
        models: MODELS,
        samples: 6,
        seed: 3,
      });
      expect(report.differences).toEqual([]);
      expect(report.models).toBe(MODELS);
    });
  });
}
