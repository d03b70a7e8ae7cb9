// What the C runtime cannot count is refused, in every layout, instead of being cut off in a record of 16 bits.
import type { QuantizedNode } from '@bitnetmcu/models';
import type { Conv2dNode } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { LAYOUT_NAMES } from '../layout/layouts.js';
import { layoutModel } from './layout-model.js';

function conv(name: string, input: string, change: Partial<Conv2dNode>): Conv2dNode {
  const node: Conv2dNode = {
    ...{ op: 'conv2d', name, inputs: [input], inChannels: 1, outChannels: 1, groups: 1 },
    ...{ kernel: [1, 1], stride: [1, 1], padding: [0, 0], weights: { format: 'Binary', codes: new Uint8Array() } },
    ...change,
  };
  const weights = (node.outChannels * node.inChannels * node.kernel[0] * node.kernel[1]) / node.groups;
  return { ...node, weights: { format: 'Binary', codes: new Uint8Array(weights).fill(1) } };
}

describe.each(LAYOUT_NAMES)('sizes in the layout %s', (layout) => {
  it('are refused where padding makes a row longer than 65 535', () => {
    const model = modelOf(
      [2, 1, 65_535],
      [
        conv('wide', 'input', { inChannels: 2, outChannels: 4, groups: 2, padding: [0, 2] }),
        conv('narrow', 'wide', { inChannels: 4, outChannels: 8, groups: 4, stride: [1, 255] }),
        { op: 'flatten', name: 'flatten', inputs: ['narrow'] },
        { op: 'shiftNorm', name: 'norm', inputs: ['flatten'], activation: 'relu' },
        linearNode('fc', 'norm', 8 * 258, 2, 'Binary'),
      ],
    );
    expect(() => layoutModel(model, layout)).toThrow(
      expect.objectContaining({
        code: 'model-too-large',
        message: expect.stringMatching(/Node "wide" has 65539 columns of its output.*65535/),
      }),
    );
  });

  it('are refused where padding takes more memory than there are addresses', () => {
    // 65 535 maps of 1×1 with 127 zeros on every side: 4.3 GB in the layouts that write them out.
    const wide = {
      inChannels: 65_535,
      outChannels: 65_535,
      groups: 65_535,
      padding: [127, 127],
      stride: [255, 255],
    } as const;
    const model = modelOf(
      [65_535, 1, 1],
      [
        conv('conv', 'input', wide),
        { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' },
        { op: 'flatten', name: 'flatten', inputs: ['norm'] },
        linearNode('fc', 'flatten', 65_535, 2, 'Binary'),
      ],
    );
    const writesPadding = ['nomul', 'mul'].some((family) => layout.startsWith(family));
    if (!writesPadding) expect(layoutModel(model, layout).ramBytes).toBeLessThan(1e6);
    else expect(() => layoutModel(model, layout)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
  });

  it('are refused where a channel has 65 536 values, whatever follows', () => {
    const after: readonly QuantizedNode[] = [
      { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' },
      conv('small', 'norm', { stride: [255, 255] }),
    ];
    const model = modelOf([1, 256, 256], [conv('conv', 'input', {}), ...after]);
    expect(() => layoutModel(model, layout)).toThrow(expect.objectContaining({ code: 'model-too-large' }));
  });
});
