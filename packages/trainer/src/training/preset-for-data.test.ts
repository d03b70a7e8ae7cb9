// Presets for data: as many outputs as the task has answers.
import { inferShapes, type Shape } from '@bitnetmcu/models';
import { elementCount, outputCount } from '@bitnetmcu/models/internal';
import { expect, it } from 'vitest';
import { fitInput } from '../data/fit.js';
import { presetForData } from './preset-for-data.js';

const anomalies = (shape: Shape) => ({
  name: 'data',
  shape,
  labels: ['normal', 'abnormal'],
  output: { task: 'anomaly' as const },
});

it.each<[string, Shape, Shape]>([
  ['table-s', [5], [5]],
  ['signal-s', [2, 1, 64], [2, 1, 64]],
  // 12 of 16 is 48 of 64.
  ['image-s', [1, 48, 64], [1, 12, 16]],
  ['image-m', [3, 64, 64], [3, 16, 16]],
  // Linear layers read a square.
  ['table-s', [1, 48, 64], [256]],
  ['table-m', [3, 48, 64], [300]],
  ['table-s', [1, 8, 8], [64]],
])('%s gives back what it reads of %j', (preset, shape, read) => {
  const spec = presetForData(preset, anomalies(shape));
  expect(spec.input.shape).toEqual(read);
  expect(outputCount(inferShapes(spec))).toBe(elementCount(read));
  // A norm would take the unit away that a distance needs.
  expect(spec.layers.at(-1)).toMatchObject({ type: 'linear', norm: 'none' });
  // Samples can be brought to it.
  expect(() => fitInput(shape, read)).not.toThrow();
});

it('has an output a class otherwise', () => {
  const spec = presetForData('table-s', { shape: [5], labels: ['a', 'b', 'c'] });
  expect(outputCount(inferShapes(spec))).toBe(3);
});

it.each<[Shape, RegExp]>([
  [[1, 1, 8000], /all 8000 values .* at most 4096 .*--features bands:16 --frame 256 or --window 256\.$/],
  [[3, 1, 2000], /all 6000 values .*--window 64\.$/],
  [[5000], /all 5000 values .*--columns/],
])('refuses samples of %j in one sentence with values that work', (shape, message) => {
  const preset = shape.length === 3 ? 'signal-s' : 'table-s';
  expect(() => presetForData(preset, anomalies(shape))).toThrow(
    expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
  );
});
