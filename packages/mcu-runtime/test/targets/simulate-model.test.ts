// simulateModel on every target: reference logits, and figures that are checked against one another and against what is known.

import { argmax, ReferenceModel } from '@bitnetmcu/models/internal';

import { FORMAT_NAMES } from '@bitnetmcu/quant';

import { describe, expect, it } from 'vitest';
import { SIMULATION_TARGET_NAMES, SIMULATION_TARGETS, type Simulated, simulateModel } from '../../src/targets/index.js';
import { kernelImage } from '../../src/targets/kernel-images.js';
import { STACK_ROOM } from '../../src/targets/loaded-simulation.js';
import { cnn64, fc12k, linearNode, modelOf } from '../networks.js';
import { syntheticDigit } from '../simulator/synthetic-digits.js';

const digits = Int8Array.from([1, 2, 3].flatMap((seed) => [...syntheticDigit(seed)]));

const KIB = 1024;

describe.each(SIMULATION_TARGET_NAMES)('%s', (target) => {
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
    expect(result.kind === 'simulated' && [...result.logits]).toEqual([...new ReferenceModel(model).infer(inputs, 3)]);
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
