// simulateModel on a part: reference logits, and figures that are checked against one another and against what is known.
import { argmax, ReferenceModel } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import {
  SIMULATION_TARGETS,
  type Simulated,
  type SimulationTargetName,
  simulateModel,
} from '../../src/targets/index.js';
import { fc12k, linearNode, modelOf } from '../networks.js';
import { syntheticDigit } from '../simulator/synthetic-digits.js';

const digits = Int8Array.from([1, 2, 3].flatMap((seed) => [...syntheticDigit(seed)]));

const KIB = 1024;

/** Declares the tests of these parts. */
export function describeSimulation(targets: readonly SimulationTargetName[]): void {
  describe.each(targets)('%s', (target) => {
    const isLarge = SIMULATION_TARGETS[target].flashBytes >= 16 * KIB;

    it('runs 64-16-10', async () => {
      const model = modelOf(
        [64],
        [
          linearNode('fc1', 'input', 64, 16, '4bitsym'),
          { op: 'shiftNorm', name: 'norm1', inputs: ['fc1'], activation: 'relu' },
          linearNode('fc2', 'norm1', 16, 10, '2bitsym'),
        ],
      );
      const inputs = digits.subarray(0, 3 * 64);
      const result = await simulateModel(model, { target, inputs });
      expect(result.kind === 'simulated' && [...result.logits]).toEqual([
        ...new ReferenceModel(model).infer(inputs, 3),
      ]);
    });

    // Outputs in blocks with a rest, and fewer than a block has.
    it.each(FORMAT_NAMES)('runs 64-40-5 of %s weights', async (format) => {
      const model = modelOf(
        [64],
        [
          linearNode('fc1', 'input', 64, 40, format),
          { op: 'shiftNorm', name: 'norm1', inputs: ['fc1'], activation: 'relu' },
          linearNode('fc2', 'norm1', 40, 5, format),
        ],
      );
      const inputs = digits.subarray(0, 3 * 64);
      const expected = [...new ReferenceModel(model).infer(inputs, 3)];
      for (const kernels of [{}, { kernels: 'plain' }]) {
        const result = await simulateModel(model, { target, inputs, ...kernels });
        if (result.kind !== 'simulated')
          throw new Error(`${result.missing.flash} + ${result.missing.ram} bytes are missing`);
        expect([...result.logits]).toEqual(expected);
      }
    });

    it.skipIf(isLarge)('refuses 256-64-64-64-10, with the bytes that are missing', async () => {
      const result = await simulateModel(fc12k(), { target, inputs: digits });
      if (result.kind !== 'does-not-fit') throw new Error(result.kind);
      const { flash, missing } = result;
      expect(missing.flash).toBe(flash.code + flash.weights - SIMULATION_TARGETS[target].flashBytes);
      expect(missing.flash).toBeGreaterThan(2 * KIB);
    });

    it.runIf(isLarge)('runs 256-64-64-64-10', async () => {
      const model = fc12k();
      const result = await simulateModel(model, { target, inputs: digits, profile: true });
      expect(result.kind).toBe('simulated');
      const simulated = result as Simulated;
      const expected = new ReferenceModel(model).infer(digits, 3);
      expect([...simulated.logits]).toEqual([...expected]);
      expect([...simulated.predictions]).toEqual([0, 1, 2].map((i) => argmax(expected, 10 * i, 10)));

      const { cycles, layers, flash, ram, milliseconds, clockHz, profile } = simulated;
      expect(cycles.mean).toBeLessThanOrEqual(cycles.max);
      expect(cycles.max).toBeLessThanOrEqual(cycles.worst);
      expect(milliseconds.mean).toBeCloseTo((1000 * cycles.mean) / clockHz, 9);
      // The layers' cycles are the run's, and the weights the packed weights.
      expect(layers.map(({ name }) => name)).toEqual([
        ...['fc1', 'norm1', 'fc2', 'norm2', 'fc3', 'norm3', 'fc4'],
        'argmax',
      ]);
      expect(layers.reduce((sum, layer) => sum + layer.cycles, 0)).toBeCloseTo(cycles.mean, 3);
      expect(layers[0]!.weightBytes).toBeGreaterThanOrEqual((256 * 64) / 2);
      expect(flash.weights).toBeGreaterThanOrEqual((256 * 64 + 2 * 64 * 64 + 64 * 10) / 2);
      expect(ram.static).toBeGreaterThanOrEqual(256 + 64 * 4 + 10 * 4);
      expect(ram.stack).toBeGreaterThan(0);
      // The profile has the interpreter of the prebuilt image as well, which firmware has not.
      expect(profile!.callTree.totalCycles).toBeGreaterThanOrEqual(3 * cycles.mean);
      expect(profile!.callTree.totalCycles).toBeLessThan(1.1 * 3 * cycles.mean);
      expect(profile!.functions[0]!.name).toMatch(/^bnm_|^__/);
    });

    it('refuses what the part cannot hold, with the figures', async () => {
      const { flashBytes } = SIMULATION_TARGETS[target];
      const wide = Math.ceil(flashBytes / 256) + 8;
      const model = modelOf([256], [linearNode('fc', 'input', 256, wide, '8bit')]);
      const result = await simulateModel(model, { target, inputs: digits.subarray(0, 256) });
      if (result.kind !== 'does-not-fit') throw new Error(result.kind);
      expect(result.flash.weights).toBeGreaterThanOrEqual(256 * wide);
      expect(result.missing.flash).toBe(result.flash.code + result.flash.weights - flashBytes);
    });
  });
}
