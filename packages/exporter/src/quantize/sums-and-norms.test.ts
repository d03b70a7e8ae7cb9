// Learned scales of sums, the top half of activations, and RMS norms in front of tables: trained networks to integers that every implementation agrees on.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { SimulatorBackend } from '@bitnetmcu/mcu-runtime/targets';
import type { NetworkSpecInput, TrainedNetwork } from '@bitnetmcu/models';
import { ReferenceInference } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { floatNetworkOf } from '../float/float-network-of.js';
import { forwardNetwork } from '../float/forward-network.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';

type Layer = NetworkSpecInput['layers'][number];

const linear = (name: string, outputs = 16, norm: 'none' | 'rms' = 'rms'): Layer => ({
  ...{ type: 'linear', name, outputs, norm, weights: { format: '4bitsym' } },
});
const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
const table = (name: string): Layer => ({ type: 'activation', name, function: 'gelu' });
const top = (name: string): Layer => ({ type: 'topRelu', name });
const scaled = (name: string, x: string, f: string): Layer => ({
  ...{ type: 'add', name, inputs: [x, f], scale: 'learned' },
});

const NETWORKS: Readonly<Record<string, readonly Layer[]>> = {
  'relu(s·x + f(x)), norms': [
    ...[linear('a'), relu('ra'), linear('b'), scaled('s', 'ra', 'b'), relu('rs')],
    linear('last', 5),
  ],
  's·x + relu(f(x)), no norms': [
    ...[linear('a', 16, 'none'), relu('ra'), linear('b', 16, 'none'), relu('rb'), scaled('s', 'ra', 'rb')],
    linear('last', 5, 'none'),
  ],
  'tables behind norms': [linear('a'), table('ra'), linear('b'), table('rb'), linear('last', 5)],
  'top half, scale-free': [linear('a'), top('ra'), linear('b'), top('rb'), linear('last', 5)],
  'top half between fixed scales': [
    ...[linear('a'), top('ra'), linear('b'), scaled('s', 'ra', 'b'), top('rs')],
    linear('last', 5, 'none'),
  ],
};

const PREPROCESSING = { divisor: 255, mean: 0.5, deviation: 0.25 };

function trained(layers: readonly Layer[], scale: number): TrainedNetwork {
  const input = { shape: [24] as [number], preprocessing: PREPROCESSING };
  const network = randomNetwork({ name: 'net', input, layers: [...layers] }, 3);
  const learned = layers
    .filter(({ type }) => type === 'add')
    .map(({ name }) => [`${name}.scale`, Float32Array.of(scale)]);
  return { ...network, parameters: { ...network.parameters, ...Object.fromEntries(learned) } };
}

function samplesOf(count: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length: 24 * count }, () => Math.floor(256 * random()));
}

const firstLargest = (values: ArrayLike<number>, sample: number): number => {
  const logits = Array.from({ length: 5 }, (_, i) => values[5 * sample + i]!);
  return logits.indexOf(Math.max(...logits));
};

describe.each(Object.entries(NETWORKS))('%s', (_, layers) => {
  const scales = layers.some(({ type }) => type === 'add') ? [1, 0.37, -1.7, 0] : [1];

  it.each(scales)('in integers, learned scale %d', async (scale) => {
    const network = trained(layers, scale);
    const { model } = quantize(network, { calibration: { samples: samplesOf(200, 1) } });
    const x = Float64Array.from(samplesOf(100, 2), (pixel) => (pixel / 255 - 0.5) / 0.25);
    const { quantization } = model.input;
    const step = quantization.kind === 'static' ? quantization.scale : 127 / 2;
    const inputs = Int8Array.from(x, (value) => Math.min(127, Math.max(-128, Math.round(value * step))));
    const backends = [new ReferenceInference(), new WasmBackend(), ...simulated()];
    const { perBackend } = await verify(model, backends, inputs, undefined);
    expect(perBackend.map(({ mismatches }) => mismatches)).toEqual([0, 0, 0, 0]);

    const loaded = await new ReferenceInference().load(model);
    const integers = await loaded.infer(inputs, 100);
    const floats = forwardNetwork(floatNetworkOf(network), x, 100).get('last')!;
    const same = Array.from({ length: 100 }, (_, s) => firstLargest(integers, s) === firstLargest(floats, s));
    expect(same.filter(Boolean).length).toBeGreaterThanOrEqual(85);
  });
});

function simulated() {
  return (['ch32v003', 'atmega328p'] as const).map((target) => new SimulatorBackend(target));
}
