// Which models run their convolutions as one step, and how the weights of that step are laid out.
import type { QuantizedModel, QuantizedNode } from '@bitnetmcu/models';
import type { Conv2dNode } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { chainNodes, modelOf, withChoice } from '../../test/networks.js';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { layoutModel } from './layout-model.js';
import { lowerModel } from './lower-model.js';

function stepsOf(nodes: readonly QuantizedNode[], layout: LayoutName = 'mul', side = 16): string[] {
  const model = modelOf([1, side, side], nodes);
  return lowerModel(model, getLayout(layout), { everyTensor: false }).steps.map(({ op }) => op);
}

/** The chain with one node replaced. */
function changed<Op extends QuantizedNode['op']>(
  name: string,
  op: Op,
  change: Partial<Extract<QuantizedNode, { op: Op }>>,
): QuantizedNode[] {
  return chainNodes(4).map((node) => (node.name === name && node.op === op ? { ...node, ...change } : node));
}

describe('chains of convolutions', () => {
  it.each<LayoutName>(['nomul', 'mul', 'nomul-small', 'mul-small'])('are one step in the layout %s', (layout) => {
    expect(stepsOf(chainNodes(4), layout)).toEqual(['convChain', 'linear']);
  });

  it('may end at the first pooling', () => {
    expect(stepsOf(chainNodes(4, 2))).toEqual(['convChain', 'linear']);
  });

  it('may be one convolution with its pooling', () => {
    expect(stepsOf(chainNodes(4, 1))).toEqual(['convChain', 'linear']);
    expect(stepsOf(chainNodes(4, 1), 'avr')).toEqual(['convChain', 'linear']);
  });

  it('may flatten before or behind the ShiftNorm', () => {
    const nodes = chainNodes(4).map((node) => {
      if (node.op === 'shiftNorm') return { ...node, inputs: ['pool3'] };
      if (node.op === 'flatten') return { ...node, inputs: ['norm'] };
      return node.op === 'linear' ? { ...node, inputs: ['flatten'] } : node;
    });
    const order = [...nodes.slice(0, 8), nodes[9]!, nodes[8]!, nodes[10]!];
    expect(stepsOf(order)).toEqual(['convChain', 'linear']);
  });

  it.each<LayoutName>(['nomul', 'mul', 'avr'])(
    'run for chosen channels only in the layout %s, when their scores are known',
    (layout) => {
      for (const convolutions of [1, 2, 3] as const) {
        const nodes = withChoice(chainNodes(4, convolutions), 2, 1);
        expect(stepsOf(nodes, layout)).toEqual(['linear', 'chooseGroups', 'convChain', 'linear']);
      }
    },
  );

  it('run channel by channel for chosen channels with plain kernels', () => {
    const model = modelOf([1, 16, 16], withChoice(chainNodes(6), 3, 2));
    const { steps } = lowerModel(model, getLayout('plain'), { everyTensor: false });
    expect(steps.map(({ op }) => op)).toEqual([
      ...['linear', 'chooseGroups', 'clear', 'clear', 'channels', 'normalizeFeatures', 'linear'],
    ]);
    expect(steps[4]).toMatchObject({ channels: 6, chosen: { count: 4 } });
  });

  it('are computed as a whole where something else reads the maps, and masked', () => {
    const nodes = withChoice(chainNodes(4), 2, 1).map((node) =>
      node.op === 'flatten' ? { ...node, inputs: ['sum'] } : node,
    );
    const sum: QuantizedNode = { op: 'add', name: 'sum', inputs: ['pool3', 'chosen'], leftShift: [0, 0] };
    const at = nodes.findIndex(({ op }) => op === 'flatten');
    const steps = stepsOf([...nodes.slice(0, at), sum, ...nodes.slice(at)], 'plain');
    expect(steps).toContain('maskChannels');
    expect(steps).not.toContain('clear');
  });

  it('run channel by channel with plain kernels, and node by node where every tensor is wanted', () => {
    expect(stepsOf(chainNodes(4), 'plain')).toEqual(['channels', 'normalizeFeatures', 'linear']);
    const program = lowerModel(modelOf([1, 16, 16], chainNodes(4)), getLayout('mul'), { everyTensor: true });
    expect(program.steps).toHaveLength(10);
  });

  const geometry = { kernel: [3, 3], stride: [1, 1] } as const;
  const conv = chainNodes(4).find((node): node is Conv2dNode => node.name === 'conv2')!;
  const others: readonly (readonly [string, QuantizedNode[]])[] = [
    ['a bias', changed('conv2', 'conv2d', { weights: { ...conv.weights, bias: new Int32Array(4) } })],
    ['output shifts', changed('conv2', 'conv2d', { weights: { ...conv.weights, outputShifts: new Uint8Array(4) } })],
    ['another norm', chainNodes(4).map((node) => (node.op === 'shiftNorm' ? { ...node, op: 'maxAbsNorm' } : node))],
    ['a first map beyond int16', changed('relu1', 'reluShift', { shift: 0 })],
    ['a first shift beyond a half word', changed('relu1', 'reluShift', { shift: 16 })],
    ['weights beyond int8', withFp130()],
  ];
  it.each(others)('run layer by layer with %s', (_, nodes) => {
    expect(stepsOf(nodes)).not.toContain('convChain');
  });

  it('run layer by layer with padding, which changes all shapes behind it', () => {
    const nodes = chainNodes(4).map((node) =>
      node.op === 'conv2d' ? { ...node, ...geometry, padding: [1, 1] as const } : node,
    );
    const linear = nodes.at(-1)!;
    if (linear.op !== 'linear') throw new Error('the chain ends with a linear layer');
    const wide = { ...linear, inFeatures: 64, weights: { ...linear.weights, codes: new Uint8Array(640) } };
    expect(stepsOf([...nodes.slice(0, -1), wide])).not.toContain('convChain');
  });

  it('run layer by layer on samples of another size', () => {
    const nodes = chainNodes(4).slice(0, -1);
    const linear = chainNodes(4).at(-1)!;
    if (linear.op !== 'linear') throw new Error('the chain ends with a linear layer');
    const wide = { ...linear, inFeatures: 36, weights: { ...linear.weights, codes: new Uint8Array(360) } };
    expect(stepsOf([...nodes, wide], 'mul', 20)).not.toContain('convChain');
  });

  it('run layer by layer where a tensor inside has a second reader', () => {
    const nodes = chainNodes(4);
    const second: QuantizedNode[] = [
      { op: 'flatten', name: 'again', inputs: ['pool3'] },
      { op: 'shiftNorm', name: 'norm2', inputs: ['again'], activation: 'relu' },
      { op: 'add', name: 'both', inputs: ['norm', 'norm2'], leftShift: [0, 0] },
      { op: 'shiftNorm', name: 'norm3', inputs: ['both'], activation: 'relu' },
    ];
    const linear = { ...nodes.at(-1)!, inputs: ['norm3'] } as QuantizedNode;
    expect(stepsOf([...nodes.slice(0, -1), ...second, linear])).not.toContain('convChain');
  });

  function withFp130(): QuantizedNode[] {
    // ±128 is one of its integers; the shift keeps the first map in int16.
    const codes = new Uint8Array(36).fill(getFormat('FP130').integers.indexOf(128));
    return changed('conv1', 'conv2d', { weights: { format: 'FP130', codes } });
  }
});

describe('weights of a chain', () => {
  it('of which groups are chosen keep the groups together', () => {
    const channelsOf = (nodes: readonly QuantizedNode[]) => {
      const step = lowerModel(modelOf([1, 16, 16], nodes), getLayout('mul'), { everyTensor: false }).steps.find(
        ({ op }) => op === 'convChain',
      );
      if (step?.op !== 'convChain') throw new Error('a chain is wanted');
      return Array.from({ length: 12 }, (_, i) => step.tables.weights[28 * i + 27]!);
    };
    const groups = channelsOf(withChoice(chainNodes(12), 3, 1)).map((channel) => Math.floor(channel / 4));
    expect(groups).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    expect([...channelsOf(chainNodes(12))].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('are 28 bytes a channel in ascending order of the absolute first weights, with the channel behind them', () => {
    const { integers } = getFormat('8bit');
    const model: QuantizedModel = modelOf(
      [1, 16, 16],
      chainNodes(3).map((node) => {
        if (node.op !== 'conv2d') return node;
        const first = node.name === 'conv1' ? [-9, 2, 5] : [1, 2, 3].map((value) => value * Number(node.name.at(-1)));
        const codes = Uint8Array.from(first.flatMap((value) => new Array<number>(9).fill(integers.indexOf(value))));
        return { ...node, weights: { format: '8bit', codes } };
      }),
    );
    const { image } = layoutModel(model, 'mul');
    const channel = (number: number, weights: readonly [number, number, number]) => [
      ...weights.flatMap((weight) => new Array<number>(9).fill(weight & 255)),
      number,
    ];
    const wanted = [...channel(1, [2, 4, 6]), ...channel(2, [5, 6, 9]), ...channel(0, [-9, 2, 3])];
    const at = new DataView(image.buffer).getUint32(16 + 24, true);
    expect([...image.subarray(at, at + 84)]).toEqual(wanted);
  });
});
