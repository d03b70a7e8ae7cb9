// Presets whose input is that of the samples: shapes, sizes and memory for what users have.
import { describe, expect, it } from 'vitest';
import { inferShapes, outputCount } from '../shapes.js';
import { summarizeSpec } from '../summary/summary.js';
import type { Shape } from '../tensor-shape.js';
import { buildPreset, type PresetName, presets } from './presets.js';

const shapesOf = (name: PresetName, inputShape: Shape, classes = 3) =>
  inferShapes(buildPreset(name, { classes, inputShape })).map(({ outputShape }) => outputShape.join('×'));

describe('table presets', () => {
  it('read all values of a row, whatever its shape', () => {
    expect(shapesOf('table-m', [4])).toEqual(['32', '32', '3']);
    expect(buildPreset('table-s', { inputShape: [1, 1, 13] }).input.shape).toEqual([13]);
  });

  it('come to what layers of weights and int32 biases take', () => {
    // 16 inputs, 10 classes: (16·16 + 16·10)/2 + 4·26; 16·32 + 32·10 + 4·42; 16·64 + 64·64 + 64·10 + 4·138.
    expect(presets['table-s'].weightBytes).toBe(208 + 104);
    expect(presets['table-m'].weightBytes).toBe(832 + 168);
    expect(presets['table-l'].weightBytes).toBe(5760 + 552);
  });
});

describe('signal presets', () => {
  it('come to what filters, layers and int32 biases take', () => {
    // 3×64, 10 classes. s: 9 filters of 9 nibbles in 5 bytes, 12 positions; m: 15 filters, 14 positions.
    expect(presets['signal-s'].weightBytes).toBe(9 * 5 + (16 * 9 * 12 + 10 * 16) / 2 + 4 * (9 + 16 + 10));
    expect(presets['signal-m'].weightBytes).toBe(15 * 5 + (32 * 15 * 14 + 10 * 32) / 2 + 4 * (15 + 32 + 10));
  });

  it('filter every channel, and keep so many positions in time', () => {
    // 16/3 is nearest to 5 filters for each of 3 channels; (64 − 9 + 1)/16 = 3.5: a stride of 4, (64 − 9)/4 + 1 = 14 positions.
    expect(shapesOf('signal-m', [3, 1, 64])).toEqual(['15×1×14', '15×1×14', '210', '32', '32', '3']);
    // At most 384 features: 64 channels leave 6 positions of each; a stride of ⌈92/6⌉ = 16, (100 − 9)/16 + 1 = 6.
    expect(shapesOf('signal-m', [64, 1, 100])[0]).toBe('64×1×6');
    // (64 − 9)/2 + 1 = 28; (28 − 5)/2 + 1 = 12; (12 − 5)/2 + 1 = 4.
    const positions = shapesOf('signal-l', [3, 1, 64]).filter((_, i) => i % 2 === 0 && i < 6);
    expect(positions.map((shape) => shape.split('×').at(-1))).toEqual(['28', '12', '4']);
    for (const length of [1, 2, 5, 8, 9, 10, 17, 60_000]) {
      for (const name of ['signal-s', 'signal-m', 'signal-l'] as const) {
        expect(shapesOf(name, [2, 1, length]).at(-1), `${name} ${length}`).toBe('3');
      }
    }
  });

  it.each<[name: PresetName, inputShape: Shape]>([
    ['signal-m', [1, 1, 256]],
    ['signal-m', [2, 1, 64]],
    ['signal-m', [3, 1, 64]],
    ['signal-m', [12, 1, 29]],
    ['signal-s', [3, 1, 64]],
    ['signal-s', [6, 1, 64]],
    ['signal-s', [12, 1, 32]],
  ])('%s of %j has activations that leave room for a window, a raw sample and a stack in 2 kB', (name, inputShape) => {
    const { total } = summarizeSpec(buildPreset(name, { classes: 6, inputShape }));
    const values = inputShape.reduce<number>((product, side) => product * side, 1);
    // int8 window, int16 sample; 240 bytes are the least that a program takes.
    expect(total.ramBytes).toBeLessThanOrEqual(2048 - 3 * values - 240);
    expect(total.bytes).toBeLessThanOrEqual(8192);
  });

  it('have no norm, so that a factor on the signal is not lost', () => {
    for (const layer of buildPreset('signal-m').layers) {
      if (layer.type === 'linear') expect(layer.norm).toBe('none');
      if (layer.type === 'linear' || layer.type === 'conv2d') expect(layer.bias).toBe(true);
    }
  });
});

describe('image presets', () => {
  it('keep channels and proportions, and make large images smaller, colours more so', () => {
    const input = (name: PresetName, inputShape: Shape) => buildPreset(name, { inputShape }).input.shape;
    expect(input('image-s', [3, 480, 640])).toEqual([3, 9, 12]);
    expect(input('image-s', [1, 480, 640])).toEqual([1, 12, 16]);
    expect(input('image-l', [1, 28, 28])).toEqual([1, 28, 28]);
    expect(input('image-m', [3, 6000, 4000])).toEqual([3, 16, 11]);
  });

  it('halve the first maps, and others only where too much would be left', () => {
    // 16 − 2 = 14, halved 7, − 2 = 5.
    expect(shapesOf('image-s', [1, 16, 16])).toEqual([
      '10×14×14',
      '10×14×14',
      '10×7×7',
      '16×5×5',
      '16×5×5',
      '400',
      '3',
    ]);
    // 32 − 2 = 30, halved 15, − 2 = 13; unhalved 11×11 would be left: halved 6, − 2 = 4.
    expect(shapesOf('image-l', [1, 32, 32]).at(-2)).toBe(String(48 * 4 * 4));
    // 28 − 2 = 26, halved 13, − 2 = 11, halved 5, − 2 = 3.
    expect(shapesOf('image-l', [1, 28, 28]).at(-2)).toBe(String(48 * 3 * 3));
  });

  it('come to what nibbles and five trits a byte take', () => {
    // Large colour images, 10 classes. s: of 12×12, 3×3 positions; m: of 16×16, 3×3; l: of 32×32, 4×4.
    expect(presets['image-s'].weightBytes).toBe(10 * 14 + 16 * 18 + (10 * 16 * 9) / 2);
    expect(presets['image-m'].weightBytes).toBe(16 * 14 + 24 * 29 + 32 * 44 + (10 * 32 * 9) / 2);
    expect(presets['image-l'].weightBytes).toBe(24 * 14 + 32 * 44 + 48 * 58 + (10 * 48 * 16) / 2);
  });

  it.each<[number, number, number]>([
    [1, 1, 5],
    [3, 2, 2],
    [1, 3, 100],
    [3, 5, 5],
    [1, 8, 8],
    [3, 40, 7],
  ])('build for %i×%i×%i', (channels, height, width) => {
    for (const name of ['image-s', 'image-m', 'image-l'] as const) {
      expect(outputCount(inferShapes(buildPreset(name, { classes: 7, inputShape: [channels, height, width] })))).toBe(
        7,
      );
    }
  });
});

describe('presets of a size of their own', () => {
  it('do not look at the samples', () => {
    expect(buildPreset('cnn-16', { inputShape: [3, 480, 640] })).toEqual(buildPreset('cnn-16'));
  });
});
