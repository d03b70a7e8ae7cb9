// Convolutions of every geometry, on parts with kernels in assembly or for the DSP extension: logits are those of the reference.
import { proveAccumulatorBounds } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { type SimulationTargetName, SimulatorBackend } from '../../src/targets/index.js';
import { Random } from '../simulator/random.js';
import { BY_PRODUCTS, BY_WINDOWS, networkOf } from './geometries.js';

describe.each<[SimulationTargetName, string]>([
  ['rp2040', 'fast'],
  ['ch32v002', 'fast-flash'],
  ['stm32f405', 'fast'],
])('convolutions of every geometry: %s, %s', (target, kernels) => {
  it.each([
    ['window by window', BY_WINDOWS],
    ['by products', BY_PRODUCTS],
  ] as const)('%s', async (_, geometries) => {
    const random = new Random(31);
    for (const geometry of geometries) {
      const model = networkOf(geometry, random);
      proveAccumulatorBounds(model);
      const reference = new ReferenceModel(model);
      const samples = Int8Array.from({ length: 3 * reference.inputs }, (__, i) =>
        i < reference.inputs ? random.below(2) * 255 - 128 : random.between(-128, 127),
      );
      const loaded = await new SimulatorBackend(target, kernels).load(model);
      const logits = await loaded.infer(samples, 3);
      loaded.close();
      expect([...logits], JSON.stringify(geometry)).toEqual([...reference.infer(samples, 3)]);
    }
  });
});
