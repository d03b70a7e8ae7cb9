// Presets for data: as many outputs as the task has answers.
import { inferShapes, type Shape } from '@bitnetmcu/models';
import { elementCount, type FrontEnd, outputCount } from '@bitnetmcu/models/internal';
import { expect, it } from 'vitest';
import type { DataSpec } from '../data/data-spec.js';
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

const csv = { kind: 'csv', train: 'x.csv' };
const recordings = { kind: 'recordings', train: 'x' };
const npz = { kind: 'npz', path: 'x.npz' };

it.each<[Shape, object, string, RegExp]>([
  // 61 frames a channel; half a frame from one to the next.
  [[1, 1, 8000], npz, 'signal-s', /all 8000 values .* at most 4096 .*with --features bands:16 --frame 256\.$/],
  [[1, 1, 8000], { ...csv, shape: [1, 1, 8000] }, 'signal-s', /with --features bands:16 --frame 256\.$/],
  [[1, 1, 8000], { ...csv, window: 8000 }, 'signal-s', /with --features bands:16 --frame 256 or --window 256\.$/],
  [[1, 1, 8000], recordings, 'signal-s', /with --features bands:16 --frame 256 or --window 256\.$/],
  // A frame every 20 values would give 6208 values of 256 and 6000 of 512: fewer bands do.
  [[1, 1, 8000], { ...recordings, frameHop: 20 }, 'signal-s', /with --features bands:4 --frame 256 or --window 256\.$/],
  [[3, 1, 2000], { ...csv, window: 2000 }, 'signal-s', /with --features bands:16 --frame 256 or --window 64\.$/],
  // 3 · 16 · 254 values are too many.
  [[3, 1, 65_024], npz, 'signal-s', /with --features bands:4 --frame 512\.$/],
  // No front end has more than 64 channels.
  [[80, 1, 256], npz, 'signal-s', /Give samples of fewer columns or channels\.$/],
  [[100, 1, 50], { ...csv, window: 50 }, 'signal-s', /Give samples of fewer columns or channels\.$/],
  [[5000], csv, 'table-s', /with --columns A,B\.$/],
  [[5000], npz, 'table-s', /possible\. Give samples of fewer columns or channels\.$/],
  [[30, 64, 64], npz, 'image-m', /all 7680 values .*take --preset table-s\.$/],
  [[64, 64, 64], npz, 'table-s', /all 6400 values .*Give samples of fewer columns or channels\.$/],
])(
  'refuses samples of %j, %j, for %s in one sentence with flags that their form has',
  (shape, spec, preset, message) => {
    const data = { ...anomalies(shape), spec: spec as DataSpec };
    expect(() => presetForData(preset, data)).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
    );
  },
);

it('of features that are too many fewer are proposed, of the window that they are taken of', () => {
  const frontEnd: FrontEnd = {
    ...{ channels: 1, frame: 64, hop: 32, frames: 249, filters: [] },
    features: [{ type: 'rms' }],
  };
  const data = { ...anomalies([32, 1, 249]), frontEnd, spec: { ...recordings, window: 8000 } as DataSpec };
  expect(() => presetForData('signal-s', data)).toThrow(/with --features bands:16 --frame 256\.$/);
});
