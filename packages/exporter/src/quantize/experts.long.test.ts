// Mixtures of experts: trained networks to integers that every implementation agrees on, on parts too, where channels that are not chosen cost nothing.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { SimulatorBackend } from '@bitnetmcu/mcu-runtime/targets';
import { type NetworkSpecInput, ReferenceInference } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { floatNetworkOf } from '../float/float-network-of.js';
import { forwardNetwork } from '../float/forward-network.js';
import { ExportedCBackend } from '../node/exported-c-backend.js';
import { OnnxRuntimeBackend } from '../node/onnxruntime-backend.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';

type Layer = NetworkSpecInput['layers'][number];

const weights = { format: '4bitsym' } as const;
const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
const linear = (name: string, outputs: number, more: object = {}): Layer =>
  ({ type: 'linear', name, outputs, weights, ...more }) as Layer;
const router = (outputs: number) => linear('router', outputs, { inputs: ['input'] });
const conv = (name: string, channels: number, more: object = {}): Layer =>
  ({ type: 'conv2d', name, channels, weights: { format: '8bit' }, ...more }) as Layer;
const chosen = (keep: number, source: string): Layer => ({
  ...{ type: 'topGroups', name: 'chosen', inputs: [source, 'router'], keep },
});

/** The chain that parts run as one kernel, with a choice among its channels. */
const chain = (channels: number, groups: number, keep: number): readonly Layer[] => [
  ...[conv('c1', channels), relu('r1'), conv('c2', channels, { groups: 'depthwise' }), relu('r2')],
  { type: 'maxPool2d', name: 'p2' },
  ...[conv('c3', channels, { groups: 'depthwise' }), relu('r3')],
  { type: 'maxPool2d', name: 'p3' },
  ...[router(groups), chosen(keep, 'p3')],
  { type: 'flatten', name: 'flat' },
  ...[linear('fc', 12), relu('rf'), linear('last', 5)],
];

const NETWORKS: Readonly<
  Record<string, readonly [shape: [number] | [number, number, number], layers: readonly Layer[]]>
> = {
  'the chain of the presets, 2 of 4 groups': [[1, 16, 16], chain(8, 4, 2)],
  'the same, groups of 3 channels': [[1, 16, 16], chain(9, 3, 1)],
  'the same, the router reads means': [
    [1, 16, 16],
    [
      { type: 'avgPool2d', name: 'means', size: 4 },
      linear('router', 4),
      ...chain(8, 4, 1)
        .filter(({ name }) => name !== 'router')
        .map((layer) => (layer.name === 'c1' ? ({ ...layer, inputs: ['input'] } as Layer) : layer)),
    ],
  ],
  'another chain': [
    [2, 9, 11],
    [
      ...[router(3), conv('c1', 6, { inputs: ['input'], padding: 1 }), relu('r1'), { type: 'maxPool2d', name: 'p1' }],
      ...([conv('c2', 6, { groups: 'depthwise' }), relu('r2'), chosen(2, 'r2')] as Layer[]),
      ...([{ type: 'flatten', name: 'flat' }, linear('last', 5)] as Layer[]),
    ] as Layer[],
  ],
  'fixed scales': [
    [2, 9, 11],
    [
      ...[router(3), conv('c1', 6, { inputs: ['input'], bias: true }), relu('r1'), { type: 'maxPool2d', name: 'p1' }],
      ...[chosen(1, 'p1'), { type: 'flatten', name: 'flat' }, linear('last', 5, { norm: 'none' })],
    ] as Layer[],
  ],
  features: [[30], [router(4), linear('a', 12, { inputs: ['input'] }), relu('ra'), chosen(3, 'ra'), linear('last', 5)]],
};

const PREPROCESSING = { divisor: 255, mean: 0.5, deviation: 0.25 };

function bytes(count: number, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(256 * random()));
}

describe.each(Object.entries(NETWORKS))('%s', (_, [shape, layers]) => {
  const features = shape.reduce((a: number, b: number) => a * b, 1);
  const unbiased = randomNetwork(
    { name: 'net', input: { shape, preprocessing: PREPROCESSING }, layers: [...layers] },
    5,
  );
  const biases = layers
    .filter((layer) => layer.type === 'conv2d' && layer.bias)
    .map(({ name }) => [`${name}.bias`, Float32Array.of(0.3, -0.2, 0.1, 0.4, -0.5, 0.2)]);
  const network = { ...unbiased, parameters: { ...unbiased.parameters, ...Object.fromEntries(biases) } };
  const { model } = quantize(network, { calibration: { samples: bytes(features * 64, 1) } });
  const COUNT = 40;
  const inputs = randomInputs(features * COUNT, 7);

  it('gives the same logits everywhere', async () => {
    const parts = (['ch32v003', 'ch32v002', 'rp2040', 'atmega328p'] as const).map((part) => new SimulatorBackend(part));
    const backends = [new ReferenceInference(), new WasmBackend(), new ExportedCBackend(), new OnnxRuntimeBackend()];
    const { perBackend } = await verify(model, [...backends, ...parts], inputs, undefined);
    expect(perBackend.map(({ name, mismatches }) => [name, mismatches])).toEqual(
      perBackend.map(({ name }) => [name, 0]),
    );
    expect(perBackend).toHaveLength(8);
  });

  it('is what training computes', async () => {
    const { quantization } = model.input;
    const step = quantization.kind === 'static' ? quantization.scale : 1;
    const x = Float64Array.from(inputs, (value) => value / step);
    const integers = await (await new ReferenceInference().load(model)).infer(inputs, COUNT);
    const floats = forwardNetwork(floatNetworkOf(network), x, COUNT).get('last')!;
    const classes = (values: ArrayLike<number>) =>
      Array.from({ length: COUNT }, (__, s) => {
        const logits = Array.from({ length: 5 }, (___, i) => values[5 * s + i]!);
        return logits.indexOf(Math.max(...logits));
      });
    const [found, wanted] = [classes(integers), classes(floats)];
    expect(found.filter((value, s) => value === wanted[s]).length).toBeGreaterThanOrEqual(0.85 * COUNT);
    expect(new Set(found).size).toBeGreaterThan(1);
  });
});

describe('on the CH32V003', () => {
  it('half of the groups take about half of the cycles of the chain', async () => {
    const cyclesOf = async (keep: number) => {
      const input = { shape: [1, 16, 16] as [number, number, number], preprocessing: PREPROCESSING };
      const { model } = quantize(randomNetwork({ name: 'net', input, layers: [...chain(8, 4, keep)] }, 5));
      const { simulateModel } = await import('@bitnetmcu/mcu-runtime/targets');
      const simulation = await simulateModel(model, { target: 'ch32v003', inputs: randomInputs(256, 3) });
      if (simulation.kind !== 'simulated') throw new Error('fits the part');
      const layer = simulation.layers.find(({ name }) => name === 'fc.norm')!;
      return layer.cycles;
    };
    const [all, half, quarter] = [await cyclesOf(4), await cyclesOf(2), await cyclesOf(1)];
    // What does not depend on the channels, such as the search for background, is in all of them.
    expect(half / all).toBeGreaterThan(0.48);
    expect(half / all).toBeLessThan(0.56);
    expect(quarter / all).toBeLessThan(0.32);
  });
});
