import { expect, it } from 'vitest';
import { recordedData, recordedOnnx } from './recorded-origin.js';

const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };

it('takes the fields of their own before what files of before have in their configuration', () => {
  const config = { data: { kind: 'mnist' }, onnx: { preprocessing } };
  expect(recordedData({ config })).toEqual({ kind: 'mnist' });
  expect(recordedOnnx({ config })).toEqual({ preprocessing });
  expect(recordedData({ data: { kind: 'npz', path: 'a.npz' }, config })).toEqual({ kind: 'npz', path: 'a.npz' });
  const calibration = { dataset: 'MNIST', samples: 512, of: 60_000 };
  expect(recordedOnnx({ onnx: { calibration }, config })).toEqual({ calibration });
});

it.each([undefined, 'text', [1], { data: 'mnist', onnx: { preprocessing: 3 } }, null])('passes over %j', (config) => {
  expect(recordedData({ config })).toBeUndefined();
  expect(recordedOnnx({ config })).toBeUndefined();
});
