// Which channels can be taken away, and the smaller network.
import { describe, expect, it } from 'vitest';
import { channelPaths } from './channel-groups.js';
import { compactNetwork, isMasked } from './compact-network.js';
import { networkParameters, validateTrainedNetwork } from './network-parameters.js';
import type { NetworkSpecInput } from './network-spec.js';
import { parseNetworkSpec } from './parse-network-spec.js';
import { SeededRandom } from './random/seeded-random.js';
import type { TrainedNetwork } from './trained-network.js';

type Layer = NetworkSpecInput['layers'][number];
const weights = { format: '4bitsym' } as const;
const linear = (name: string, outputs: number, more: object = {}): Layer => ({
  ...{ type: 'linear', name, outputs, weights },
  ...more,
});
const relu = (name: string): Layer => ({ type: 'activation', name, function: 'relu' });
const spec = (shape: [number] | [number, number, number], layers: Layer[]) =>
  parseNetworkSpec({ name: 'net', input: { shape }, layers });

const dense = spec(
  [5],
  [
    linear('a', 4, { bias: true, weights: { format: '4bitsym', scaling: 'PerOutput' } }),
    relu('ra'),
    linear('b', 3),
    relu('rb'),
    linear('c', 2),
  ],
);
const maps = spec(
  [1, 8, 8],
  [
    { type: 'conv2d', name: 'a', channels: 3, weights },
    relu('ra'),
    { type: 'conv2d', name: 'd', channels: 6, groups: 'depthwise', weights },
    { type: 'maxPool2d', name: 'pool' },
    { type: 'flatten', name: 'flat' },
    linear('fc', 4),
  ],
);

function trained(network: TrainedNetwork['spec'], masks: Readonly<Record<string, readonly number[]>>): TrainedNetwork {
  const random = new SeededRandom(5);
  const parameters = Object.fromEntries(
    networkParameters(network)
      .filter(({ binary }) => !binary)
      .map(({ key, lengths }) => [key, Float32Array.from({ length: lengths.at(-1)! }, () => random.integer(1, 99))]),
  );
  for (const [key, values] of Object.entries(masks)) {
    parameters[key] = Float32Array.from(values);
    values.forEach((value, i) => {
      if (value === 0) parameters[key.replace('mask', 'weight')]![i] = 0;
    });
  }
  const made = { spec: network, parameters, labels: [], provenance: {} };
  validateTrainedNetwork(made);
  return made;
}

describe('channelPaths', () => {
  it('follows neurons to the layers that read them', () => {
    expect(channelPaths(dense)).toEqual([
      { layer: 'a', channels: 4, rows: [{ layer: 'a', size: 1 }], columns: [{ layer: 'b', size: 1 }] },
      { layer: 'b', channels: 3, rows: [{ layer: 'b', size: 1 }], columns: [{ layer: 'c', size: 1 }] },
      { layer: 'c', obstacle: 'its outputs are the logits' },
    ]);
  });

  it('takes depthwise convolutions along, and maps that are flattened', () => {
    // 8 − 2 − 2 = 4, pooled 2×2: each channel of a is two of d, and eight features.
    expect(channelPaths(maps)[0]).toEqual({
      layer: 'a',
      channels: 3,
      rows: [
        { layer: 'a', size: 1 },
        { layer: 'd', size: 2 },
      ],
      columns: [{ layer: 'fc', size: 8 }],
    });
  });

  it.each<[string, Layer[]]>([
    ['the layer norm of b', [linear('a', 4), relu('ra'), linear('b', 2, { norm: 'layer' })]],
    ['the batch norm of b', [linear('a', 4), relu('ra'), linear('b', 2, { norm: 'batch' })]],
    ['sum adds other channels', [linear('a', 5), { type: 'add', name: 'sum', inputs: ['a', 'input'] }, linear('b', 2)]],
  ])('says that %s stands in the way', (obstacle, layers) => {
    expect(channelPaths(spec([5], layers))[0]).toMatchObject({
      layer: 'a',
      obstacle: expect.stringContaining(obstacle),
    });
  });
});

describe('compactNetwork', () => {
  it('takes neurons with their biases, scalars and readers away, and keeps the rest in its order', () => {
    const before = trained(dense, { 'a.mask': [...Array(5).fill(1), ...Array(5).fill(0), ...Array(10).fill(1)] });
    before.parameters['a.bias']![1] = 0;
    const after = compactNetwork(before);
    validateTrainedNetwork(after);
    expect(after.spec.layers.map((layer) => ('outputs' in layer ? layer.outputs : 0))).toEqual([3, 0, 3, 0, 2]);
    const without = (key: string, gone: (i: number) => boolean) => before.parameters[key]!.filter((_, i) => !gone(i));
    expect(after.parameters).toEqual({
      'a.weight': without('a.weight', (i) => i >= 5 && i < 10),
      'a.bias': without('a.bias', (i) => i === 1),
      'a.clip': without('a.clip', (i) => i === 1),
      'b.weight': without('b.weight', (i) => i % 4 === 1),
      'b.clip': before.parameters['b.clip'],
      'c.weight': before.parameters['c.weight'],
      'c.clip': before.parameters['c.clip'],
    });
    expect([isMasked(before), isMasked(after)]).toEqual([true, false]);
  });

  it('takes channels of maps away with their depthwise convolutions', () => {
    const mask = (rows: number, size: number, dead: number[]) =>
      Array.from({ length: rows * size }, (_, i) => Number(!dead.includes(Math.floor(i / size))));
    const before = trained(maps, { 'a.mask': mask(3, 9, [2]), 'd.mask': mask(6, 9, [4, 5]) });
    const after = compactNetwork(before);
    validateTrainedNetwork(after);
    expect(after.spec.layers.map((layer) => ('channels' in layer ? layer.channels : 0))).toEqual([2, 0, 4, 0, 0, 0]);
    expect(after.parameters['fc.weight']).toEqual(before.parameters['fc.weight']!.filter((_, i) => i % 24 < 16));
    // A depthwise convolution that is alive keeps its channel.
    expect(compactNetwork(trained(maps, { 'a.mask': mask(3, 9, [2]) })).spec).toEqual(maps);
  });

  it('keeps a neuron with a bias, single masked weights, and one neuron of each layer', () => {
    const dead = [...Array(5).fill(0), ...Array(15).fill(1)];
    expect(compactNetwork(trained(dense, { 'a.mask': dead })).spec).toEqual(dense);
    const single = trained(dense, { 'c.mask': [0, 1, 1, 1, 1, 1] });
    expect(compactNetwork(single).parameters).toEqual(single.parameters);
    const all = compactNetwork(trained(dense, { 'b.mask': Array(12).fill(0) }));
    expect(all.spec.layers[2]).toMatchObject({ outputs: 1 });
    const plain = trained(dense, {});
    expect(compactNetwork(plain)).toBe(plain);
  });

  it('takes masks of zeros and ones only', () => {
    expect(() => trained(dense, { 'c.mask': [0, 1, 1, 0.5, 1, 1] })).toThrow(
      /'c.mask' is 0.5 at index 3, 0 or 1 wanted/,
    );
  });
});
