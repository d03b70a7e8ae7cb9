// Features of signals are part of what a sample costs.
import type { QuantizedModel } from '@bitnetmcu/models';
import { type FrontEnd, makeRawFeature, RAW_PREPROCESSING, RAW_SCALE } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { PART_NAMES } from '../../src/targets/parts.js';
import { simulateFrontEnd } from '../../src/targets/simulate-front-end.js';
import { simulateModel } from '../../src/targets/simulate-model.js';
import type { Simulated } from '../../src/targets/simulation.js';
import { linearNode, modelOf } from '../networks.js';

const frontEnd: FrontEnd = {
  ...{ channels: 1, frame: 32, hop: 20, frames: 5, filters: [] },
  features: [{ type: 'rms' }, { type: 'deviation' }, { type: 'crossings' }],
};
const network = modelOf(
  [3, 1, 5],
  [{ op: 'flatten', name: 'flat', inputs: ['input'] }, linearNode('fc', 'flat', 15, 4, '4bitsym')],
);
const features = ['rms', 'deviation', 'crossings'].map((name) =>
  makeRawFeature({ name, decimals: 0, low: 0, high: 9000 }),
);
const heard: QuantizedModel = {
  ...network,
  input: {
    shape: network.input.shape,
    preprocessing: RAW_PREPROCESSING,
    quantization: { kind: 'static', scale: RAW_SCALE },
    raw: { kind: 'signal', type: 'i32', features, hop: 2 },
    frontEnd,
  },
};
const inputs = Int8Array.from({ length: 3 * 15 }, (_, i) => (i * 37) % 100);

describe.each(PART_NAMES)('%s', (target) => {
  it('counts the features of all frames of a sample', async () => {
    const [plain, found] = (await Promise.all(
      [network, heard].map((model) => simulateModel(model, { target, inputs, kernels: 'plain', profile: true })),
    )) as [Simulated, Simulated];
    expect([plain.kind, found.kind]).toEqual(['simulated', 'simulated']);
    // Frames of noise take about what others do.
    const noise = Int16Array.from({ length: 320 }, (_, i) => ((i * 40_503) % 4001) - 2000);
    const frame = await simulateFrontEnd(frontEnd, target, noise);
    const more = found.cycles.mean - plain.cycles.mean;
    expect(more / (5 * frame.cycles.mean)).toBeGreaterThan(0.9);
    expect(more / (5 * frame.cycles.mean)).toBeLessThan(1.1);
    expect(found.cycles.worst - plain.cycles.worst).toBeGreaterThanOrEqual(more);
    expect(found.milliseconds.mean).toBeCloseTo((1000 * found.cycles.mean) / found.clockHz, 9);

    // The layers' cycles are those of the sample, and the profile's those of all samples, in whole numbers.
    const [features, ...layers] = found.layers;
    expect(features!.operation).toBe('5 × 32: rms, deviation, crossings');
    expect(features!.cycles).toBeCloseTo(more, 6);
    expect(layers).toEqual(plain.layers);
    const { functions, mix } = found.profile!;
    const sums = [functions.map(({ selfCycles }) => selfCycles), Object.values(mix).map(({ cycles }) => cycles)];
    for (const sum of sums) {
      expect(sum.every(Number.isInteger)).toBe(true);
      // The profile has the interpreter of the prebuilt image as well.
      const share = sum.reduce((a, b) => a + b, 0) / (3 * found.cycles.mean);
      expect(share).toBeGreaterThanOrEqual(1);
      expect(share).toBeLessThan(1.02);
    }
  });
});
