// Networks with masks as integers: pruned channels vanish, pruned weights are 0, and nothing else is another number.
import { type NetworkSpecInput, type QuantizedModel, ReferenceInference, type TrainedNetwork } from '@bitnetmcu/models';
import { type ChannelGroup, channelGroups } from '@bitnetmcu/models/internal';
import { type FormatName, getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';

const SAMPLES = 1000;

const dense = (format: FormatName, scaling: 'PerTensor' | 'PerOutput' = 'PerTensor'): NetworkSpecInput => {
  const weights = { format, scaling };
  return {
    name: 'dense',
    input: { shape: [24] },
    layers: [
      { type: 'linear', name: 'a', outputs: 16, weights },
      { type: 'activation', name: 'ra', function: 'relu' },
      { type: 'linear', name: 'b', outputs: 12, weights },
      { type: 'activation', name: 'rb', function: 'relu' },
      { type: 'linear', name: 'c', outputs: 5, weights },
    ],
  };
};

const maps = (format: FormatName): NetworkSpecInput => {
  const weights = { format };
  return {
    name: 'maps',
    input: { shape: [1, 10, 10] },
    layers: [
      { type: 'conv2d', name: 'a', channels: 8, weights, shift: 4 },
      { type: 'activation', name: 'ra', function: 'relu' },
      { type: 'conv2d', name: 'd', channels: 8, groups: 'depthwise', weights, shift: 4 },
      { type: 'activation', name: 'rd', function: 'relu' },
      { type: 'maxPool2d', name: 'pool' },
      { type: 'linear', name: 'b', outputs: 6, weights },
      { type: 'activation', name: 'rb', function: 'relu' },
      { type: 'linear', name: 'c', outputs: 5, weights },
    ],
  };
};

/** The network with every third channel of every group masked. */
function pruned(network: TrainedNetwork): { network: TrainedNetwork; groups: ChannelGroup[] } {
  const parameters = { ...network.parameters };
  const groups = channelGroups(network.spec);
  for (const { rows, channels } of groups) {
    for (const { layer } of rows) {
      const width = parameters[`${layer}.weight`]!.length / channels;
      parameters[`${layer}.mask`] = parameters[`${layer}.weight`]!.map((_, i) =>
        Number(Math.floor(i / width) % 3 !== 1),
      );
    }
  }
  return { network: { ...network, parameters }, groups };
}

/** The integers of an unpruned network as 8-bit weights, with those of the channels set to 0. */
function zeroed(model: QuantizedModel, groups: readonly ChannelGroup[]): QuantizedModel {
  const eight = getFormat('8bit');
  return {
    ...model,
    nodes: model.nodes.map((node) => {
      if (!('weights' in node)) return node;
      const { integers } = getFormat(node.weights.format);
      const group = groups.find(({ rows }) => rows.some(({ layer }) => layer === node.name));
      const width = node.weights.codes.length / (group?.channels ?? 1);
      const codes = node.weights.codes.map((code, i) => {
        const dead = group !== undefined && Math.floor(i / width) % 3 === 1;
        return eight.integers.indexOf(dead ? 0 : integers[code]!);
      });
      return { ...node, weights: { ...node.weights, format: '8bit' as const, codes } };
    }),
  };
}

async function logitsOf(model: QuantizedModel): Promise<Int32Array> {
  const loaded = await new ReferenceInference().load(model);
  const size = model.input.shape.reduce((a, b) => a * b, 1);
  const logits = await loaded.infer(randomInputs(SAMPLES * size, 77), SAMPLES);
  await loaded.close();
  return logits.slice();
}

describe('a network with pruned channels', () => {
  it.each<[string, NetworkSpecInput]>([
    ['4bitsym', dense('4bitsym')],
    ['4bitsym per output', dense('4bitsym', 'PerOutput')],
    ['2bitsym', dense('2bitsym')],
    ['Ternary', dense('Ternary')],
    ['5bitsym', dense('5bitsym')],
    ['maps of 4bitsym', maps('4bitsym')],
    ['maps of 8bit', maps('8bit')],
  ])('%s: gives the logits of the whole network with zeros, for every sample', async (_, spec) => {
    const whole = randomNetwork(spec, 11);
    const { network, groups } = pruned(whole);
    const small = quantize(network).model;
    const large = quantize(whole).model;
    const weights = (model: QuantizedModel) =>
      model.nodes.reduce((sum, n) => sum + ('weights' in n ? n.weights.codes.length : 0), 0);
    expect(weights(small)).toBeLessThan(0.7 * weights(large));
    expect(await logitsOf(small)).toEqual(await logitsOf(zeroed(large, groups)));
    expect(await logitsOf(small)).not.toEqual(await logitsOf(large));
  });
});

describe('a network with pruned weights', () => {
  const masked = (format: FormatName) => {
    const network = randomNetwork(dense(format), 3);
    const random = randomNumbers(4);
    const mask = network.parameters['b.weight']!.map(() => Number(random() < 0.3));
    return { mask, whole: network, network: { ...network, parameters: { ...network.parameters, 'b.mask': mask } } };
  };

  it.each(['Ternary', '4bit', '8bit', 'NF4'] as const)(
    '%s: has zeros for them, and the other codes as they were',
    (format) => {
      const { mask, network, whole } = masked(format);
      const codesOf = (of: TrainedNetwork) => {
        const node = quantize(of).model.nodes.find(({ name }) => name === 'b');
        return node && 'weights' in node ? node.weights.codes : new Uint8Array();
      };
      const { levels } = getFormat(format);
      const before = codesOf(whole);
      codesOf(network).forEach((code, i) => {
        if (mask[i] === 0) expect(levels[code]).toBe(0);
        else expect(code).toBe(before[i]);
      });
    },
  );

  it.each(['4bitsym', 'Binary', 'FP130'] as const)('%s: has no integer form, and says what to do', (format) => {
    expect(() => quantize(masked(format).network)).toThrow(
      expect.objectContaining({
        code: 'invalid-weights',
        message: expect.stringMatching(
          new RegExp(`Layer b has pruned weights, and its format ${format} has no 0 .*prune whole neurons.*Ternary`),
        ),
      }),
    );
  });
});
