// Without a compiler the sizes of models with raw values are estimated: with that of their programs, and of the features of signals.
import { parts } from '@bitnetmcu/mcu-runtime/internal/targets';
import { type PartName, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import {
  elementCount,
  type FrontEnd,
  featureNames,
  frontEndShape,
  makeRawFeature,
  melBands,
  RAW_PREPROCESSING,
  RAW_SCALE,
} from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { isMissing } from './__fixtures__/projects.js';
import { firmwareFacts } from './firmware-facts.js';

const KIB = 1024;

/** A linear layer behind mel bands of this many frames of a signal. */
function heard(frame: number, count: number, frames: number): QuantizedModel {
  const features = [melBands({ sampleRate: 8000, points: frame, count, low: 100, high: 4000 })];
  const frontEnd: FrontEnd = { channels: 1, frame, hop: (5 * frame) / 8, frames, filters: [], features };
  const shape = frontEndShape(frontEnd);
  const inFeatures = elementCount(shape);
  const codes = Uint8Array.from({ length: 4 * inFeatures }, (_, i) => (i * 7 + (i >> 3)) % 16);
  const raw = featureNames(frontEnd).map((name) => makeRawFeature({ name, decimals: 0, low: -6000, high: 9000 }));
  return {
    name: 'heard',
    input: {
      shape,
      preprocessing: RAW_PREPROCESSING,
      quantization: { kind: 'static', scale: RAW_SCALE },
      raw: { kind: 'signal', type: 'i32', features: raw, hop: 2 },
      frontEnd,
    },
    nodes: [
      { op: 'flatten', name: 'flat', inputs: ['input'] },
      { op: 'linear', name: 'fc', inputs: ['flat'], inFeatures, outFeatures: 4, weights: { format: '4bitsym', codes } },
    ],
    labels: ['a', 'b', 'c', 'd'],
    provenance: {},
  };
}

/** What a part lacks for a model is what its RAM lacks: the smallest kernels are nearest to it, whoever tells the sizes. */
async function answersOf(model: QuantizedModel, target: PartName) {
  const options = { target, inputs: new Int8Array(elementCount(model.input.shape)) };
  const built = await simulateModel(model, { ...options, facts: firmwareFacts(model, target) });
  const estimated = await simulateModel(model, { ...options, kernels: built.kernels });
  expect([built.basis, estimated.basis]).toEqual(['built', 'estimated']);
  const sizes = ({ flash, ram }: typeof built) => ({ flash: flash.code + flash.weights, static: ram.static });
  return { built, estimated, of: { built: sizes(built), estimated: sizes(estimated) } };
}

describe.each(['atmega328p', 'ch32v006'] as const)('%s', (part) => {
  it.skipIf(isMissing(`${parts[part].compiler.toolchain}-gcc`)).each([
    ['a table', MODELS['table-i16']!, 'simulated'],
    ['a signal', MODELS.signal!, 'simulated'],
    ['features', heard(64, 5, 5), 'simulated'],
    ['features that AVR lacks RAM for', heard(256, 16, 49), part === 'ch32v006' ? 'simulated' : 'does-not-fit'],
  ])('estimates %s as firmware has it', async (_, model, kind) => {
    const { built, estimated, of } = await answersOf(model, part);
    expect([built.kind, estimated.kind]).toEqual([kind, kind]);
    // From above, by no more than estimates of other networks are.
    expect(of.estimated.flash).toBeGreaterThanOrEqual(of.built.flash);
    expect(of.estimated.flash).toBeLessThan(of.built.flash + 1.5 * KIB);
    expect(of.estimated.static).toBeGreaterThanOrEqual(of.built.static);
    expect(of.estimated.static).toBeLessThan(of.built.static + 144);
  });
});
