import { describe, expect, it } from 'vitest';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { buildPreset } from '../presets/presets.js';
import type { QuantizedNode } from '../quantized-model.js';
import { handWorkedLinear, modelOf, weightsOf } from '../testing/small-models.js';
import { formatSummary } from './format-summary.js';
import { peakMemory } from './peak-memory.js';
import { summarizeModel, summarizeSpec } from './summary.js';

describe('summary', () => {
  it('counts a fully connected network by hand', () => {
    const { layers, total } = summarizeSpec(buildPreset('fc-12k'));
    expect(
      layers
        .filter(({ parameters }) => parameters > 0)
        .map(({ name, parameters, bits, bytes, macs }) => [name, parameters, bits, bytes, macs]),
    ).toEqual([
      ['fc1', 16_384, 4, 8_192, 16_384],
      ['fc2', 4_096, 4, 2_048, 4_096],
      ['fc3', 4_096, 4, 2_048, 4_096],
      ['fc4', 640, 4, 320, 640],
    ]);
    // Input 256, logits 40, and at fc2 and fc3 64 activations beside 64 accumulators of 4 bytes.
    expect(total).toEqual({ parameters: 25_216, bytes: 12_608, macs: 25_216, ramBytes: 256 + 40 + 64 + 256 });
  });

  it('counts a convolutional network by hand, channel by channel', () => {
    const { total } = summarizeSpec(buildPreset('cnn-64'));
    // Multiplications: 64·(14² + 12² + 4²)·9 + 256·96 + 96·64 + 64·10. RAM: input, logits, one 14×14 map of int32, 256 features in 8 bits.
    expect(total.macs).toBe(64 * (196 + 144 + 16) * 9 + 24_576 + 6_144 + 640);
    expect(total.ramBytes).toBe(256 + 40 + 14 * 14 * 4 + 256);
  });

  it('counts biases, output shifts and float weights', () => {
    const spec = parseNetworkSpec({
      name: 'net',
      input: { shape: [7] },
      layers: [
        { type: 'linear', name: 'a', outputs: 5, bias: true, weights: { format: 'Ternary', scaling: 'PerOutput' } },
        { type: 'linear', name: 'b', outputs: 2, weights: { format: 'None' } },
      ],
    });
    // Rows of 7 trits take 2 bytes; 5·(2 + 1 shift + 4 bias). Float: 4·5 a row.
    expect(summarizeSpec(spec).layers.map(({ parameters, bits, bytes }) => [parameters, bits, bytes])).toEqual([
      [40, 1.6, 35],
      [10, 32, 40],
    ]);
    const { layers } = summarizeModel(handWorkedLinear());
    // fc1: 2 rows of 2 bytes; fc2: 2 rows of 1 byte, shift and bias.
    expect(layers.map(({ name, parameters, bytes }) => [name, parameters, bytes])).toEqual([
      ['fc1', 6, 4],
      ['relu1', 0, 0],
      ['fc2', 6, 12],
    ]);
  });

  it('keeps a tensor alive until its last reader', () => {
    const linear = (name: string, inputs: string[], inFeatures: number, outFeatures: number): QuantizedNode => ({
      name,
      op: 'linear',
      inputs,
      inFeatures,
      outFeatures,
      weights: weightsOf('4bit', new Array(inFeatures * outFeatures).fill(0)),
    });
    const norm = (name: string, input: string): QuantizedNode => ({
      name,
      op: 'shiftNorm',
      inputs: [input],
      activation: 'relu',
    });
    const model = modelOf(
      [10],
      [
        linear('a', ['input'], 10, 20),
        norm('x', 'a'),
        linear('b', ['x'], 20, 20),
        norm('y', 'b'),
        { name: 's', op: 'add', inputs: ['x', 'y'], leftShift: [0, 0] },
        norm('z', 's'),
        linear('out', ['z'], 20, 3),
      ],
    );
    // Input 10, logits 12. At b: x (20) and 20 accumulators (80). At s: x (20), y (20), and int32 in the place of x: 80.
    expect(summarizeModel(model).total.ramBytes).toBe(10 + 12 + 100);
  });

  it('counts a chain layer by layer where a map is read twice', () => {
    const step = (name: string, inputs: string[], channelwise: 'start' | 'continue' | 'no', size: number) => ({
      name,
      inputs,
      shape: [8, size, size] as const,
      bytesPerElement: 4,
      inPlace: channelwise === 'continue',
      channelwise,
    });
    const chain = [
      step('conv', ['input'], 'start', 4),
      step('relu', ['conv'], 'continue', 4),
      step('pool', ['relu'], 'continue', 2),
    ];
    // 36 of input, 8 maps of 2×2 as logits, one map of 4×4, 4 bytes each.
    expect(peakMemory([1, 6, 6], chain)).toBe(36 + 128 + 64);
    // Read again at the end, all 8 maps of conv stay (512) beside those of relu (512); pool replaces relu.
    const both = [...chain, { ...step('sum', ['pool', 'conv'], 'no', 2), inPlace: false }];
    expect(peakMemory([1, 6, 6], both)).toBe(36 + 128 + 512 + 512);
  });

  it('counts maps of several filters a channel all at once, and of one filter one by one', () => {
    const bytes = (inputShape: readonly [number, number, number], classes: number) =>
      summarizeSpec(buildPreset('signal-s', { classes, inputShape })).total.ramBytes;
    // Input 192, logits 12; 9 maps of 12 accumulators, 3 of each channel.
    expect(bytes([3, 1, 64], 3)).toBe(192 + 12 + 9 * 12 * 4);
    // Input 348, logits 36; 12 maps of 11 make one at a time 132 int8, which 16 accumulators are made of: more than one map.
    expect(bytes([12, 1, 29], 9)).toBe(348 + 36 + 132 + 16 * 4);
  });

  it('is shown as an aligned table', () => {
    const text = formatSummary(summarizeModel(handWorkedLinear()));
    expect(text.split('\n')).toEqual([
      'test',
      'layer  operation  output  parameters  format   bits  bytes  MACs',
      '────────────────────────────────────────────────────────────────',
      'input                  3',
      'fc1    linear          2           6  4bitsym     4      4     6',
      'relu1  shiftNorm       2',
      'fc2    linear          2           6  2bitsym     2     12     4',
      '────────────────────────────────────────────────────────────────',
      'total                             12                    16    10',
      'weights 0.0 kB (16 bytes), activations 19 bytes of RAM, 10 multiply-accumulates',
    ]);
  });
});
