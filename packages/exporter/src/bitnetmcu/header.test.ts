import { type NetworkSpecInput, type QuantizedModel, ReferenceInference } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { integerWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';
import { parseBitnetmcuHeader } from './read-header.js';
import { writeBitnetmcuHeader } from './write-header.js';

/** 8 inputs, two layers: 4bitsym with every magnitude, then 2bitsym. */
const SMALL = `// written by hand
#include <stdint.h>
#ifndef MODEL_H
#define MODEL_H
#define MODEL_FCMNIST
#define NUM_LAYERS 2
#define MAX_N_ACTIVATIONS 16
#define L1_active
#define L1_bitperweight 4
#define L1_incoming_weights 8
#define L1_outgoing_weights 16
const uint32_t L1_weights[] = { ${Array.from({ length: 16 }, (_, row) => `0x${row.toString(16)}1234567`).join(', ')} };
#define L2_active
#define L2_bitperweight 2
#define L2_incoming_weights 16
#define L2_outgoing_weights 3
const uint32_t L2_weights[] = {
  0x1b1b1b1b, 0x00000000, 0xffffffff,
};
#endif
`;

function failure(text: string): ExporterError {
  try {
    parseBitnetmcuHeader(text);
  } catch (error) {
    if (error instanceof ExporterError) return error;
    throw error;
  }
  throw new Error('the header was accepted');
}

async function logits(model: QuantizedModel, inputs: Int8Array, count: number): Promise<Int32Array> {
  return await (await new ReferenceInference().load(model)).infer(inputs, count);
}

function fullyConnected(format: string, sizes = [160, 32, 32, 10]): QuantizedModel {
  const [features, ...outputs] = sizes as [number, ...number[]];
  const layers = outputs.flatMap((count, k) => {
    const linear = { type: 'linear', name: `fc${k + 1}`, outputs: count, weights: { format } };
    return k === outputs.length - 1
      ? [linear]
      : [linear, { type: 'activation', name: `relu${k + 1}`, function: 'relu' }];
  });
  return quantize(randomNetwork({ name: 'tiny', input: { shape: [features] }, layers } as NetworkSpecInput, 5)).model;
}

describe('parseBitnetmcuHeader', () => {
  it('reads layers, weights and shapes', () => {
    const model = parseBitnetmcuHeader(SMALL);
    expect(model.input.shape).toEqual([8]);
    expect(model.nodes.map(({ name, op }) => `${name} ${op}`)).toEqual(['L1 linear', 'L2_norm shiftNorm', 'L2 linear']);
    expect(model.labels).toEqual(['0', '1', '2']);
    const [first, , last] = model.nodes;
    if (first?.op !== 'linear' || last?.op !== 'linear') throw new Error('not linear');
    // Row 9 begins with the field 9 = 1 001: −3; the rest is 1 … 7: 3 … 15.
    expect([...integerWeights(first.weights.format, first.weights.codes).subarray(72, 80)]).toEqual([
      -3, 3, 5, 7, 9, 11, 13, 15,
    ]);
    expect([...integerWeights(last.weights.format, last.weights.codes).subarray(0, 4)]).toEqual([1, 3, -1, -3]);
  });

  it.each(['FC_Sensors', 'FC_Olivetti', 'FC_GateDriver', 'CNNMNIST', 'Net2'])(
    'reads a network of the class %s',
    (name) => {
      expect(parseBitnetmcuHeader(SMALL.replace('MODEL_FCMNIST', `MODEL_${name}`))).toEqual(
        parseBitnetmcuHeader(SMALL),
      );
    },
  );

  it('keeps what a header was called as title, where it has no name of its own', () => {
    expect(parseBitnetmcuHeader(SMALL, { name: 'm_12k', title: '12k' })).toMatchObject({
      name: 'm_12k',
      provenance: { title: '12k' },
    });
  });

  it('lists macros that it does not know, as the C compiler would ignore them', () => {
    const model = parseBitnetmcuHeader(SMALL.replace('#define L2_active', '#define L2_active\n#define L2_comment 3'));
    expect(model.provenance.config).toEqual({ ignoredMacros: ['L2_comment'] });
  });

  it.each([
    ['cut off', SMALL.slice(0, 500), 'header-syntax'],
    ['no model macro', SMALL.replace('#define MODEL_FCMNIST', ''), 'header-content'],
    ['a macro of metadata only', SMALL.replace('MODEL_FCMNIST', 'MODEL_METADATA'), 'header-content'],
    ['wrong number of layers', SMALL.replace('NUM_LAYERS 2', 'NUM_LAYERS 3'), 'header-content'],
    ['unknown code', SMALL.replace('L1_bitperweight 4', 'L1_bitperweight 5'), 'header-content'],
    ['table too short', SMALL.replace(', 0xffffffff', ''), 'header-content'],
    ['word too large', SMALL.replace('0xffffffff', '0x1ffffffff'), 'header-syntax'],
    ['missing size', SMALL.replace('#define L2_incoming_weights 16', ''), 'header-content'],
    ['sizes that do not follow', SMALL.replace('L2_incoming_weights 16', 'L2_incoming_weights 15'), 'header-shape'],
    ['huge size', SMALL.replace('L2_incoming_weights 16', 'L2_incoming_weights 4000000000'), 'header-content'],
    ['double definition', SMALL.replace('#define L2_active', '#define L1_active'), 'header-syntax'],
    ['foreign table', SMALL.replace('#endif', 'const int8_t bias[] = { 1 };\n#endif'), 'header-content'],
    ['a condition', SMALL.replace('#ifndef', '#if 1 //'), 'header-syntax'],
  ] as const)('refuses a header with %s', (_, text, code) => {
    const error = failure(text);
    expect(error.code).toBe(code);
    if (error.line !== undefined) expect(error.message.toLowerCase()).toContain(`line ${error.line}`);
  });

  it('gives typed errors only for 12 000 damaged headers', () => {
    const random = randomNumbers(11);
    const pick = (n: number) => Math.floor(random() * n);
    const texts = [SMALL, writeBitnetmcuHeader(fullyConnected('Ternary', [20, 4, 4, 2])), SMALL];
    let accepted = 0;
    for (let run = 0; run < 12_000; run++) {
      let text = texts[pick(texts.length)]!;
      for (let edits = 1 + pick(3); edits > 0; edits--) {
        const at = pick(text.length);
        const kind = pick(5);
        if (kind === 0) text = text.slice(0, at);
        else if (kind === 1) text = text.slice(0, at) + String.fromCharCode(pick(128)) + text.slice(at + 1);
        else if (kind === 2) text = text.slice(0, at) + text.slice(at + 1 + pick(40));
        else if (kind === 3)
          text = text.slice(0, at) + text.slice(pick(text.length)).slice(0, pick(60)) + text.slice(at);
        else text = text.replace(/\d+/g, (digits) => (pick(60) === 0 ? String(pick(2 ** 32)) : digits));
      }
      try {
        parseBitnetmcuHeader(text);
        accepted++;
      } catch (error) {
        if (!(error instanceof ExporterError)) throw new Error(`run ${run}`, { cause: error });
      }
    }
    // Many edits only touch comments or weights; both outcomes must occur often for the test to mean anything.
    expect(accepted).toBeGreaterThan(500);
    expect(accepted).toBeLessThan(9_000);
  });
});

describe('writeBitnetmcuHeader', () => {
  it.each(['Binary', 'BinarySym', 'Ternary', '2bitsym', '4bitsym', '4bit', 'FP130', 'NF4', '8bit'])(
    '%s comes back as it was',
    (format) => {
      const model = fullyConnected(format);
      expect(parseBitnetmcuHeader(writeBitnetmcuHeader(model))).toEqual(model);
    },
  );

  it('a convolutional preset comes back as it was, with identical logits without our metadata', async () => {
    const { model } = quantize(randomNetwork(presets['cnn-16-small'].build(10), 3));
    const header = writeBitnetmcuHeader(model);
    expect(parseBitnetmcuHeader(header)).toEqual(model);
    const foreign = parseBitnetmcuHeader(header.replace(/^#define MODEL_METADATA.*$/m, ''));
    const inputs = randomInputs(4 * 256, 4);
    expect(await logits(foreign, inputs, 4)).toEqual(await logits(model, inputs, 4));
  });

  it('keeps names, labels and provenance whatever is in them', () => {
    const model = {
      ...fullyConnected('4bitsym'),
      labels: ['"', '\\', '*/', '//', 'ä', '\u2028', '😀', '%', '', '0'],
      provenance: { tool: '*/ #endif', config: ['\n'] },
    };
    expect(parseBitnetmcuHeader(writeBitnetmcuHeader(model))).toEqual(model);
  });

  it.each([
    ['a format that the original does not have', () => fullyConnected('5bitsym'), /fc1 has 5bitsym weights/],
    [
      'rows that do not fill their words',
      () => fullyConnected('4bitsym', [160, 20, 32, 10]),
      /fc2 has 20 inputs of 4 bits/,
    ],
    ['too few layers', () => fullyConnected('4bitsym', [160, 16, 10]), /3 or 4/],
    ['too many layers', () => fullyConnected('4bitsym', [160, 16, 16, 16, 16, 10]), /relu4|fc5/],
    [
      'another chain of convolutions',
      () =>
        quantize(
          randomNetwork(
            {
              name: 'c',
              input: { shape: [1, 16, 16] },
              layers: [
                { type: 'conv2d', name: 'conv1', channels: 4, weights: { format: '4bitsym' } },
                { type: 'activation', name: 'r', function: 'relu' },
                { type: 'linear', name: 'fc', outputs: 2, weights: { format: '8bit' } },
              ],
            },
            1,
          ),
        ).model,
      /conv1 has 4bitsym weights/,
    ],
  ])('refuses %s, naming the layer and the remedy', (_, build, message) => {
    const model = build();
    expect(() => writeBitnetmcuHeader(model)).toThrow(ExporterError);
    expect(() => writeBitnetmcuHeader(model)).toThrow(message);
    expect(() => writeBitnetmcuHeader(model)).toThrow(/\.bnm/);
  });
});
