// The conformance suite inside every simulated part, over all of its kernels.
import { runConformance } from '@bitnetmcu/models/conformance';
import { describe, expect, it } from 'vitest';
import { SIMULATION_TARGET_NAMES, SIMULATION_TARGETS, SimulatorBackend } from '../../src/targets/index.js';

const MODELS = Number(process.env.BNM_CONFORMANCE_MODELS ?? 8);

describe.each(SIMULATION_TARGET_NAMES)('sim:%s', (target) => {
  it.each(SIMULATION_TARGETS[target].variants.map(({ name }) => name))('%s kernels', async (kernels) => {
    const report = await runConformance(new SimulatorBackend(target, kernels), { models: MODELS, samples: 6, seed: 3 });
    expect(report.differences).toEqual([]);
    expect(report.models).toBe(MODELS);
  });
});
