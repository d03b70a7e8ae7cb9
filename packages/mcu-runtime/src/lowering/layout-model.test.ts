import type { QuantizedNode } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { RuntimeError } from '../errors.js';
import type { LayoutName } from '../layout/layouts.js';
import { layoutModel, layoutModelForTrace } from './layout-model.js';

describe('layoutModel', () => {
  it('writes header, record and tables as c/include/bnm_image.h says', () => {
    const node = {
      ...linearNode('fc', 'input', 3, 1, '8bit'),
      weights: {
        format: '8bit' as const,
        codes: Uint8Array.of(1, 2, 3),
        outputShifts: Uint8Array.of(5),
        bias: Int32Array.of(-2),
      },
    };
    const { image, ...layout } = layoutModel(modelOf([3], [node]));
    expect(layout).toEqual({ ramBytes: 0, inputs: 3, outputs: 1, layout: 'plain' });
    expect([...image]).toEqual([
      ...[0x42, 0x4e, 0x4d, 0x31], // "BNM1"
      ...[1, 0, 1, 0], // one record, one output
      ...[0, 0, 0, 0, 3, 0, 0, 0], // no ram, three inputs
      ...[1, 7, 1, 0], // linear, seven words, one output
      ...[0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff], // input → logits
      ...[3, 0, 9, 0], // three inputs, kernel 8bit
      ...[44, 0, 0, 0, 48, 0, 0, 0, 52, 0, 0, 0], // weights, output shifts, bias
      ...[1, 2, 3, 0], // padded to a word
      ...[5, 0, 0, 0],
      ...[0xfe, 0xff, 0xff, 0xff],
    ]);
  });

  it.each<LayoutName>(['plain', 'nomul', 'mul', 'avr'])('lets int8 lie where their accumulators were: %s', (layout) => {
    // 96 accumulators of 4 bytes, and nothing else; the activations of the second layer begin where those end.
    const small = (name: string, input: string) =>
      ({ op: 'requantize', name, inputs: [input], shift: 7, min: 0, max: 127 }) satisfies QuantizedNode;
    const model = modelOf(
      [64],
      [linearNode('fc1', 'input', 64, 96, '8bit'), small('small1', 'fc1'), linearNode('fc2', 'small1', 96, 10, '8bit')],
    );
    expect(layoutModel(model, layout).ramBytes).toBe(4 * 96);
  });

  it('refuses a tensor that uint16_t cannot count, naming the node', () => {
    const model = modelOf(
      [3, 200, 200],
      [
        { op: 'crop', name: 'all', inputs: ['input'], top: 0, left: 0, height: 200, width: 200 },
        { op: 'add', name: 'sum', inputs: ['all', 'all'], leftShift: [0, 0] },
      ],
    );
    expect(() => layoutModel(model)).toThrow(RuntimeError);
    expect(() => layoutModel(model)).toThrow(/"sum" has 120000 values/);
  });

  it('names the nearest layout where there is none of that name', () => {
    const model = modelOf([3], [linearNode('fc', 'input', 3, 1, '8bit')]);
    expect(() => layoutModel(model, 'plan' as LayoutName)).toThrow(/Did you mean "plain"/);
  });

  it('refuses a model that is not valid before anything is laid out', () => {
    const model = modelOf([3], [linearNode('fc', 'input', 4, 1, '8bit')]);
    expect(() => layoutModel(model)).toThrow(/inFeatures 4/);
  });
});

describe('layoutModelForTrace', () => {
  it('says where every node leaves its output', () => {
    const model = modelOf(
      [4],
      [
        linearNode('fc1', 'input', 4, 3, '8bit'),
        { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
        linearNode('fc2', 'norm', 3, 2, '8bit'),
      ],
    );
    expect(layoutModelForTrace(model).tensors).toEqual([
      { node: 'fc1', op: 'linear', place: 'ram', offset: 0, element: 'int32', shape: [3] },
      { node: 'norm', op: 'shiftNorm', place: 'ram', offset: 12, element: 'int8', shape: [3] },
      { node: 'fc2', op: 'linear', place: 'logits', offset: 0, element: 'int32', shape: [2] },
    ]);
  });
});
