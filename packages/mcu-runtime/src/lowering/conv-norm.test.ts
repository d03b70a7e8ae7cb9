// Which convolutions run as one step with their ShiftNorm, and the memory that takes.
import type { QuantizedNode } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { convNode, linearNode, modelOf } from '../../test/networks.js';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { layoutModel } from './layout-model.js';
import { lowerModel } from './lower-model.js';

const relu: QuantizedNode = { op: 'reluShift', name: 'relu', inputs: ['conv1'], shift: 3 };
const pool: QuantizedNode = {
  ...{ op: 'maxPool2d', name: 'pool', inputs: ['relu'] },
  ...{ size: [2, 2], stride: [2, 2], padding: [0, 0] },
};
const norm = (name: string, input: string): QuantizedNode => ({
  ...{ op: 'shiftNorm', name, inputs: [input], activation: 'relu' },
});

/** conv 1→9 over 16×16, ReLU, pool, ShiftNorm; conv 9→channels, ShiftNorm; linear. */
const nodesWith = (channels: number): readonly QuantizedNode[] => [
  convNode('conv1', 'input', 1, 9, 1),
  relu,
  pool,
  norm('norm1', 'pool'),
  convNode('conv2', 'norm1', 9, channels, 1),
  norm('norm2', 'conv2'),
  { op: 'flatten', name: 'flatten', inputs: ['norm2'] },
  linearNode('fc', 'flatten', 25 * channels, 10, 'Ternary'),
];
const NODES = nodesWith(12);
/** As many channels as make lists of a window's elements pay. */
const MANY = nodesWith(40);

function stepsOf(nodes: readonly QuantizedNode[], layout: LayoutName = 'mul'): string[] {
  return lowerModel(modelOf([1, 16, 16], nodes), getLayout(layout), { everyTensor: false }).steps.map(({ op }) => op);
}

const changed = (name: string, change: Partial<QuantizedNode>) =>
  MANY.map((node) => (node.name === name ? ({ ...node, ...change } as QuantizedNode) : node));

describe('convolutions with their ShiftNorm', () => {
  it.each<[LayoutName, string]>([
    ['nomul', 'convPatches'],
    ['nomul-small', 'convPatches'],
    ['nomul-conv', 'convNorm'],
    ['mul', 'convPatches'],
    ['mul-small', 'convPatches'],
    ['mul-conv', 'convPatches'],
    ['avr', 'convNorm'],
  ])('are one step in the layout %s: %s', (layout, op) => {
    // The first one, over the sample, is a chain of one convolution.
    expect(stepsOf(MANY, layout)).toEqual(['convChain', op, 'linear']);
    // Few outputs make lists of a window's elements too dear.
    const few = [convNode('conv1', 'input', 1, 9, 1), norm('norm1', 'conv1')];
    const tail = { op: 'flatten', name: 'flatten', inputs: ['norm1'] } as const;
    expect(stepsOf([...few, tail, linearNode('fc', 'flatten', 9 * 196, 10, 'Ternary')], layout)[0]).toBe('convNorm');
  });

  it.each<[LayoutName, string]>([
    ['nomul', 'convPatches'],
    ['nomul-small', 'convPatches'],
    ['nomul-conv', 'convNorm'],
  ])('have many outputs for lists of nibbles in the layout %s: %s', (layout, op) => {
    const wide = (channels: number) => [
      ...NODES.slice(0, 4),
      convNode('conv2', 'norm1', 9, channels, 1),
      norm('norm2', 'conv2'),
      { op: 'flatten', name: 'flatten', inputs: ['norm2'] } as const,
      linearNode('fc', 'flatten', 25 * channels, 10, 'Ternary'),
    ];
    expect(stepsOf(wide(16), layout)).toEqual(['convChain', op, 'linear']);
    expect(stepsOf(wide(15), layout)).toEqual(['convChain', 'convNorm', 'linear']);
  });

  it('run node by node with plain kernels, with another norm, another window or a second reader', () => {
    expect(stepsOf(NODES, 'plain')).not.toContain('convNorm');
    expect(stepsOf(NODES, 'plain')).toEqual([
      'channels',
      'normalizeFeatures',
      'channels',
      'normalizeFeatures',
      'linear',
    ]);
    const only = ['channels', 'maxAbsNormRelu', 'convPatches', 'linear'];
    expect(stepsOf(changed('norm1', { op: 'maxAbsNorm' }))).toEqual(only);
    const shifted = changed('pool', { op: 'avgPool2d', countIncludePad: true } as Partial<QuantizedNode>);
    expect(stepsOf(shifted).slice(0, 2)).toEqual(['channels', 'normalizeFeatures']);
  });

  it('hold one map of int32 instead of all of them', () => {
    // The first map 14×14 of two channels in int16, a shift a channel, 9 channels of 7×7.
    const first = 2 * 2 * 196 + 9;
    const kept = 9 * 49;
    const align = (bytes: number) => 4 * Math.ceil(bytes / 4);
    expect(layoutModel(modelOf([1, 16, 16], NODES), 'mul').ramBytes).toBe(align(first) + align(kept));
    // Plain kernels: the map, nine weights and a shift a channel.
    expect(layoutModel(modelOf([1, 16, 16], NODES), 'plain').ramBytes).toBe(
      4 * 196 + align(18) + align(9) + align(kept),
    );
    // On hosts time counts more.
    expect(layoutModel(modelOf([1, 16, 16], NODES), 'unpacked').ramBytes).toBeGreaterThan(9 * 49 * 4);
  });
});
