import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import { resolveModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { cnn64, convNode, modelOf } from '../../test/networks.js';
import { channelChains, readersOf, shiftNormBehind } from './channel-chains.js';

function chainNames(model: QuantizedModel): string[][] {
  return channelChains(resolveModel(model)).map((chain) => chain.map(({ node }) => node.name));
}

const halves = { size: [2, 2], stride: [2, 2], padding: [0, 0] } as const;

describe('channelChains', () => {
  it('runs convolutions, ReLUs and pools up to the flattening as one chain', () => {
    expect(chainNames(cnn64(4)).slice(0, 3)).toEqual([
      ['conv1', 'relu1', 'conv2', 'relu2', 'pool2', 'conv3', 'relu3', 'pool3'],
      ['flatten'],
      ['norm'],
    ]);
  });

  it('ends a chain at a tensor with two readers and at a convolution over all channels', () => {
    const model = modelOf(
      [2, 8, 8],
      [
        convNode('mix', 'input', 2, 4, 1),
        { op: 'reluShift', name: 'relu', inputs: ['mix'], shift: 4 },
        { op: 'maxPool2d', name: 'left', inputs: ['relu'], ...halves },
        { op: 'avgPool2d', name: 'right', inputs: ['relu'], ...halves, countIncludePad: true },
        { op: 'add', name: 'sum', inputs: ['left', 'right'], leftShift: [0, 0] },
        { op: 'reluShift', name: 'shifted', inputs: ['sum'], shift: 1 },
        convNode('all', 'shifted', 4, 3, 1),
      ],
    );
    expect(chainNames(model)).toEqual([['mix', 'relu'], ['left'], ['right'], ['sum'], ['shifted'], ['all']]);
  });

  it('chains on a convolution whose groups have several channels', () => {
    const model = modelOf(
      [4, 8, 8],
      [
        convNode('grouped', 'input', 4, 4, 2),
        { op: 'reluShift', name: 'relu', inputs: ['grouped'], shift: 4 },
        convNode('depthwise', 'relu', 4, 4, 4),
      ],
    );
    expect(chainNames(model)).toEqual([['grouped', 'relu', 'depthwise']]);
  });
});

describe('shiftNormBehind', () => {
  const relu: QuantizedNode = { op: 'reluShift', name: 'relu', inputs: ['mix'], shift: 4 };
  const flat: QuantizedNode = { op: 'flatten', name: 'flat', inputs: ['relu'] };
  const norm: QuantizedNode = { op: 'shiftNorm', name: 'norm', inputs: ['flat'], activation: 'relu' };
  const behind = (outputs: number, ...rest: readonly QuantizedNode[]) => {
    const nodes = resolveModel(modelOf([2, 8, 8], [convNode('mix', 'input', 2, outputs, 1), ...rest]));
    return shiftNormBehind(channelChains(nodes)[0]!, readersOf(nodes))?.map(({ node }) => node.name);
  };

  it('finds the ShiftNorm of all channels through flatten nodes', () => {
    expect(behind(4, relu, flat, norm)).toEqual(['flat', 'norm']);
    expect(behind(4, relu, { ...norm, inputs: ['relu'] })).toEqual(['norm']);
    expect(behind(4, { ...norm, inputs: ['mix'] })).toEqual(['norm']);
  });

  it('finds none behind one channel, another norm, or a tensor with a second reader', () => {
    expect(behind(1, relu, flat, norm)).toBeUndefined();
    expect(behind(4, relu, flat, { ...norm, op: 'maxAbsNorm' })).toBeUndefined();
    const sum: QuantizedNode = { op: 'add', name: 'sum', inputs: ['norm', 'relu'], leftShift: [0, 0] };
    expect(behind(4, relu, { ...norm, inputs: ['relu'] }, sum)).toBeUndefined();
    expect(behind(4, relu)).toBeUndefined();
  });
});
