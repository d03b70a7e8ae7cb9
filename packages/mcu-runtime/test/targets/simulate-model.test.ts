// simulateModel on one part of each core, and what it says of layers; on the others: simulate-model.long.test.ts.

import { describe, expect, it } from 'vitest';
import { SIMULATION_TARGET_NAMES, SIMULATION_TARGETS, simulateModel } from '../../src/targets/index.js';
import { kernelImage } from '../../src/targets/kernel-images.js';
import { STACK_ROOM } from '../../src/targets/loaded-simulation.js';
import { cnn64, fc12k } from '../networks.js';
import { syntheticDigit } from '../simulator/synthetic-digits.js';
import { describeSimulation } from './part-simulation.js';
import { TESTED_PARTS } from './tested-parts.js';

const digits = Int8Array.from([1, 2, 3].flatMap((seed) => [...syntheticDigit(seed)]));

describeSimulation(TESTED_PARTS);

// The choice of kernels relies on it: what cannot be simulated does not fit.
describe.each(SIMULATION_TARGET_NAMES)('the simulator of %s', (name) => {
  const { variants, limits, weightsIn, ramBase, flashBytes, ramBytes } = SIMULATION_TARGETS[name];
  it.each(variants)('addresses every model that fits beside all kernels ($name)', async ({ image }) => {
    const { program } = await kernelImage(image);
    const inRam = program.segments.filter(({ address }) => address >= ramBase);
    const inFlash = program.segments.filter(({ address, bytes }) => address < ramBase && bytes.length > 0);
    const kernelRam = inRam.reduce((sum, { size }) => sum + size, 0);
    const kernelFlash = [...inFlash, ...inRam].reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(kernelRam + ramBytes + STACK_ROOM).toBeLessThanOrEqual(limits.ramBytes);
    if (weightsIn === 'flash') expect(kernelFlash + flashBytes).toBeLessThanOrEqual(limits.flashBytes);
  });
});

describe('layers of a channel loop', () => {
  it('are told apart, convolutions first', async () => {
    const result = await simulateModel(cnn64(4), {
      target: 'ch32v002',
      kernels: 'plain',
      inputs: digits.subarray(0, 256),
    });
    if (result.kind !== 'simulated') throw new Error(result.kind);
    const byName = Object.fromEntries(result.layers.map((layer) => [layer.name, layer]));
    // 3×3 for each of 4 channels: 14×14 outputs, 12×12 outputs, 4×4 outputs.
    expect(byName.conv1!.cycles / (196 * 9 * 4)).toBeGreaterThan(3);
    expect(byName.conv1!.cycles).toBeGreaterThan(byName.conv3!.cycles);
    expect(byName.conv2!.cycles).toBeGreaterThan(byName.conv3!.cycles);
    expect(byName.conv1!.operation).toBe('conv2d 3×3 1→4 8bit');
    expect(byName.conv2!.operation).toBe('depthwise 3×3 4→4 8bit');
    expect(result.layers.reduce((sum, layer) => sum + layer.cycles, 0)).toBeCloseTo(result.cycles.mean, 3);
  });
});

it('refuses half samples and unknown names', async () => {
  const model = fc12k();
  await expect(simulateModel(model, { target: 'ch32v003', inputs: new Int8Array(100) })).rejects.toThrow('256');
  await expect(simulateModel(model, { target: 'ch32v' as 'ch32v003', inputs: digits })).rejects.toThrow('ch32v003');
  await expect(simulateModel(model, { target: 'ch32v003', inputs: digits, kernels: 'magic' })).rejects.toThrow('plain');
});

describe('a chain of convolutions in one step', () => {
  it('is one layer with the operations of all, an order of magnitude faster', async () => {
    const options = { target: 'ch32v003', inputs: digits.subarray(0, 256) } as const;
    const fast = await simulateModel(cnn64(4), options);
    const plain = await simulateModel(cnn64(4), { ...options, kernels: 'plain' });
    if (fast.kind !== 'simulated' || plain.kind !== 'simulated') throw new Error('both fit');
    const chain = fast.layers.find(({ name }) => name === 'norm')!;
    expect(chain.operation).toBe('conv2d 3×3 1→4 8bit, depthwise 3×3 4→4 8bit, depthwise 3×3 4→4 8bit, shiftNorm');
    expect(chain.weightBytes).toBe(4 * 28);
    expect(fast.cycles.mean).toBeLessThan(plain.cycles.mean / 10);
    expect(fast.cycles.worst).toBeLessThan(plain.cycles.worst / 10);
  });
});
