// Layers on plain kernels are named with what would give them fast ones, and taking the advice does.
import type { QuantizedModel } from '@bitnetmcu/models';
import type { Conv2dNode } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES, formats } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { type Simulated, type SimulationOptions, simulateModel } from '../../src/targets/index.js';
import { kernelVariants } from '../../src/targets/kernel-variants.js';
import { plainLayers } from '../../src/targets/plain-layers.js';
import { convNode, fc12k, linearNode, modelOf } from '../networks.js';
import { syntheticDigit } from '../simulator/synthetic-digits.js';

async function simulated(model: QuantizedModel, options: Omit<SimulationOptions, 'inputs'>): Promise<Simulated> {
  const inputs = model.input.shape.reduce((product, size) => product * size, 1);
  const sample = Int8Array.from({ length: inputs }, (_, i) => syntheticDigit(1)[i % 256]!);
  const result = await simulateModel(model, { inputs: sample, ...options });
  if (result.kind !== 'simulated') throw new Error(JSON.stringify(result.missing));
  return result;
}

/** Facts by which kernels before `first` lack 100 bytes of RAM. */
const fullBefore = (first: string): NonNullable<SimulationOptions['facts']> => {
  let isFull = true;
  return async ({ name }) => {
    if (name === first) isFull = false;
    return isFull ? { flash: 12_000, staticRam: 2048, stack: 100, cycles: undefined } : undefined;
  };
};

describe('plain layers', () => {
  it('are none of a network with fast kernels for all', async () => {
    expect((await simulated(fc12k(), { target: 'ch32v003' })).plainLayers).toEqual([]);
    expect((await simulated(fc12k(), { target: 'atmega328p' })).plainLayers).toEqual([]);
  });

  it('are all where plain kernels were asked for, and a fast choice is named', async () => {
    const { plainLayers, layers } = await simulated(fc12k(), { target: 'ch32v003', kernels: 'plain' });
    expect(plainLayers.map(({ name }) => name)).toEqual(['fc1', 'fc2', 'fc3', 'fc4']);
    for (const { name, operation, remedies } of plainLayers) {
      expect(operation).toBe(layers.find((layer) => layer.name === name)!.operation);
      expect(remedies[0]).toEqual({ kind: 'kernels', kernels: 'fast-flash', missing: null });
    }
    const { plainLayers: none } = await simulated(fc12k(), { target: 'ch32v003', kernels: 'fast-flash' });
    expect(none).toEqual([]);
  });

  it('say how much memory their fast kernels lack', async () => {
    const { kernels, plainLayers } = await simulated(fc12k(), { target: 'ch32v003', facts: fullBefore('plain') });
    expect(kernels).toBe('plain');
    // Of 2048 bytes 2048 + 100 are wanted.
    expect(plainLayers[0]!.remedies[0]).toMatchObject({ kind: 'kernels', missing: { flash: 0, ram: 100 } });
  });

  it('are those of another technique where flash is little, and the formats that help do', async () => {
    const mixed = (last: 'Ternary' | 'NF4') =>
      modelOf(
        [256],
        [
          linearNode('large', 'input', 256, 32, 'NF4'),
          { op: 'shiftNorm', name: 'norm', inputs: ['large'], activation: 'relu' },
          linearNode('small', 'norm', 32, 10, last),
        ],
      );
    const asked = { target: 'ch32v003', kernels: 'fast-small' } as const;
    const { plainLayers } = await simulated(mixed('Ternary'), asked);
    expect(plainLayers.map(({ name }) => name)).toEqual(['small']);
    const found = plainLayers[0]!.remedies.find(({ kind }) => kind === 'format');
    const sameTechnique = FORMAT_NAMES.filter(
      (name) => formats[name].fast?.nomul.technique === formats.NF4.fast!.nomul.technique,
    );
    expect(sameTechnique).toContain('NF4');
    expect(found).toEqual({ kind: 'format', formats: sameTechnique });
    expect((await simulated(mixed('NF4'), asked)).plainLayers).toEqual([]);
  });

  it('name the parts that have fast kernels where a part has none', async () => {
    const model = modelOf([64], [linearNode('fc', 'input', 64, 10, '4bitsym')]);
    const { plainLayers } = await simulated(model, { target: 'attiny85' });
    const [{ remedies }] = plainLayers as [(typeof plainLayers)[0]];
    expect(remedies.map(({ kind }) => kind)).toEqual(['parts']);
    const { parts } = remedies[0] as { readonly parts: readonly string[] };
    expect(parts).toEqual(expect.arrayContaining(['ch32v003', 'ch32v002', 'rp2040', 'atmega328p']));
    expect(parts).not.toContain('attiny85');
    expect((await simulated(model, { target: 'atmega328p' })).plainLayers).toEqual([]);
  });

  it('say with how many inputs a layer would be fast', () => {
    const [fast] = kernelVariants('rp2040');
    const found = (inputs: number) =>
      plainLayers(modelOf([inputs], [linearNode('fc', 'input', inputs, 4, '4bitsym')]), 'rp2040', fast!, []);
    // An input's word is found by a 16-bit offset in bytes: c/fast/bnm_fast.h.
    expect(found(16_383)).toEqual([]);
    expect(found(16_384)).toMatchObject([
      { name: 'fc', remedies: expect.arrayContaining([{ kind: 'inputs', found: 16_384, most: 16_383 }]) },
    ]);
  });

  it('of convolutions say what the fast kernels want', async () => {
    const norm = { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' } as const;
    const fc = { op: 'flatten', name: 'flat', inputs: ['norm'] } as const;
    const conv: Conv2dNode = convNode('conv', 'input', 1, 2, 1);
    const ends = (between: boolean) =>
      modelOf(
        [1, 8, 8],
        [
          conv,
          ...(between
            ? [
                {
                  op: 'avgPool2d',
                  name: 'pool',
                  inputs: ['conv'],
                  size: [2, 2],
                  stride: [2, 2],
                  padding: [0, 0],
                  countIncludePad: false,
                } as const,
              ]
            : []),
          { ...norm, inputs: [between ? 'pool' : 'conv'] },
          fc,
          linearNode('fc', 'flat', between ? 18 : 72, 4, '8bit'),
        ],
      );
    const target = 'ch32v002';
    expect((await simulated(ends(false), { target })).plainLayers).toEqual([]);
    const { plainLayers } = await simulated(ends(true), { target });
    expect(plainLayers).toMatchObject([{ name: 'conv', remedies: expect.arrayContaining([{ kind: 'ending' }]) }]);
    // AVR has a kernel of its own for such a convolution.
    expect((await simulated(ends(true), { target: 'atmega328p' })).plainLayers).toEqual([]);
  });
});
