// What the C runtime cannot count is refused, in every layout, instead of being cut off in a record of 16 bits.
import type { QuantizedNode } from '@bitnetmcu/models';
import type { Conv2dNode } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { getLayout, LAYOUT_NAMES } from '../layout/layouts.js';
import { planBuffers } from './buffer-plan.js';
import { checkSteps } from './check-steps.js';
import { writeImage } from './image.js';
import { layoutModel } from './layout-model.js';
import { lowerModel } from './lower-model.js';
import type { Step } from './program.js';

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
        message: expect.stringMatching(/Node "(wide|narrow)" has 65539 (columns of its output|values a plane).*65535/),
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

describe('a number that its field cannot hold', () => {
  const nodes: readonly QuantizedNode[] = [
    conv('conv', 'input', {}),
    { op: 'maxPool2d', name: 'pool', inputs: ['conv'], size: [2, 2], stride: [2, 2], padding: [0, 0] },
    { op: 'requantize', name: 'small', inputs: ['pool'], shift: 3, min: -128, max: 127 },
    { op: 'flatten', name: 'flatten', inputs: ['small'] },
    linearNode('fc', 'flatten', 16, 2, 'Binary'),
  ];
  const program = lowerModel(modelOf([1, 8, 8], nodes), getLayout('plain'), { everyTensor: false });
  const plan = planBuffers(program, 4);
  const write = (steps: readonly Step[]) => writeImage({ ...program, steps }, plan, 64);
  /** The program with one property of one step changed. */
  const changed = (op: string, property: object) =>
    program.steps.map((step) => (step.op === op ? { ...step, ...property } : step) as Step);

  it.each([
    ['conv2d', { stride: [256, 1] }, 'Node "conv" has 256 as its strideY; the C runtime counts up to 255'],
    ['conv2d', { outWidth: 65_536 }, 'Node "conv" has 65536 columns of its output; the C runtime counts up to 65535'],
    ['maxPool2d', { size: [2, -1] }, 'Node "pool" has -1 as its windowWidth'],
    ['requantize', { shift: 256 }, 'Node "small" has 256 as its shift'],
    ['requantize', { min: -(2 ** 31) - 1 }, 'Node "small" has -2147483649 as its min; the C runtime holds -2147483648'],
    ['requantize', { count: 65_536 }, 'Node "small" has 65536 values'],
    ['linear', { inputs: 16.5 }, 'Node "fc" has 16.5 inputs'],
  ])('is refused by who writes images: %s %o', (op, property, message) => {
    expect(program.steps.map((step) => step.op)).toContain(op);
    expect(write(program.steps)).toBeInstanceOf(Uint8Array);
    const refusal = expect.objectContaining({ code: 'model-too-large', message: expect.stringContaining(message) });
    expect(() => write(changed(op, property))).toThrow(refusal);
    expect(() => checkSteps(changed(op, property))).toThrow(refusal);
  });

  it('is refused in the head of an image', () => {
    expect(() => writeImage({ ...program, outputs: 65_536 }, plan, 64)).toThrow('The model has 65536 outputs');
    expect(() => writeImage(program, plan, 2 ** 32)).toThrow('The model has 4294967296 inputs');
  });
});
