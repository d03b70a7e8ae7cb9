// Which convolutions run as one step with their requantization, and the memory that takes.
import type { QuantizedNode } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { convNode, linearNode, modelOf } from '../../test/networks.js';
import { getLayout, type LayoutName } from '../layout/layouts.js';
import { lowerModel } from './lower-model.js';
import type { Step } from './program.js';

const small = (name: string, input: string): QuantizedNode => ({
  ...{ op: 'requantize', name, inputs: [input] },
  ...{ shift: 7, min: 0, max: 127 },
});

const maxima = (name: string, input: string, size: readonly [number, number], stride = size): QuantizedNode => ({
  ...{ op: 'maxPool2d', name, inputs: [input], size, stride, padding: [0, 0] },
});

/** conv 1→4 over 16×16, requantized; a depthwise one, requantized, with maxima of 2×3: 14×14, 12×12, 6×4. */
function nodes(pool: QuantizedNode, features: number): readonly QuantizedNode[] {
  return [
    convNode('conv1', 'input', 1, 4, 1),
    small('small1', 'conv1'),
    convNode('conv2', 'small1', 4, 4, 4),
    small('small2', 'conv2'),
    pool,
    { op: 'flatten', name: 'flatten', inputs: ['pool'] },
    linearNode('fc', 'flatten', features, 10, '8bit'),
  ];
}

function stepsOf(all: readonly QuantizedNode[], layout: LayoutName): readonly Step[] {
  return lowerModel(modelOf([1, 16, 16], all), getLayout(layout), { everyTensor: false }).steps;
}

const bodyOf = (step: Step) => (step.op === 'channels' ? step.body.map(({ op }) => op) : []);

describe('convolutions with their requantization', () => {
  const tiled = nodes(maxima('pool', 'small2', [2, 3]), 4 * 24);

  it.each<LayoutName>(['nomul', 'mul', 'avr'])(
    'are one step of a channel loop, with maxima side by side: %s',
    (layout) => {
      const [loop] = stepsOf(tiled, layout);
      expect(bodyOf(loop!)).toEqual(['convRequantize', 'convRequantize']);
      const steps = loop!.op === 'channels' ? loop!.body : [];
      const scratch = steps.map((step) => (step.op === 'convRequantize' ? step.scratch : undefined));
      // One for both, for the sums of the larger map and nine weights; lists take as much again.
      expect(scratch[0]).toBe(scratch[1]);
      // Code for nine weights, each a load and four digits of 4 bytes, and for what ends it; 16 weights on their way there.
      const code = 9 * (4 + 4 * 4) + 58 + 2 * 16;
      expect(scratch[0]!.bytes).toBe(4 * 196 + (layout === 'nomul' ? code : 2 * 9));
    },
  );

  it.each<LayoutName>(['plain', 'nomul', 'mul', 'avr'])(
    'share what they read where a group has several outputs: %s',
    (layout) => {
      // 6 planes of 16×16 in groups of 2, each of which has 4 outputs of 14×14.
      const model = modelOf(
        [6, 16, 16],
        [
          convNode('conv', 'input', 6, 12, 3),
          small('small', 'conv'),
          { op: 'flatten', name: 'flatten', inputs: ['small'] },
          linearNode('fc', 'flatten', 12 * 196, 10, '8bit'),
        ],
      );
      const [loop] = lowerModel(model, getLayout(layout), { everyTensor: false }).steps;
      expect(loop).toMatchObject({ op: 'channels', channels: 12, sharing: 4, xStride: 2 * 256, yStride: 196 });
      if (layout !== 'plain') expect(bodyOf(loop!)).toEqual(['convRequantize']);
    },
  );

  it('leave other windows to the kernel of pools', () => {
    const overlapping = nodes(maxima('pool', 'small2', [2, 2], [1, 1]), 4 * 121);
    expect(bodyOf(stepsOf(overlapping, 'mul')[0]!)).toEqual(['convRequantize', 'convRequantize', 'maxPool2d']);
  });

  it('run node by node with plain kernels', () => {
    const wanted = ['conv2d', 'requantize', 'conv2d', 'requantize', 'maxPool2d'];
    expect(bodyOf(stepsOf(tiled, 'plain')[0]!)).toEqual(wanted);
  });
});
