// Shares that are worked by hand.
import type { QuantizedModel } from '@bitnetmcu/models';
import { expect, it } from 'vitest';
import { positiveShare } from './activity.js';

type QuantizedNode = QuantizedModel['nodes'][number];

function model(layers: 1 | 2): QuantizedModel {
  const linear = (name: string, input: string, inFeatures: number, codes: readonly number[]): QuantizedNode => ({
    ...{ op: 'linear', name, inputs: [input], inFeatures, outFeatures: codes.length / inFeatures },
    // Binary: +1 has the code 1.
    weights: { format: 'BinarySym', codes: Uint8Array.from(codes) },
  });
  const second: QuantizedNode[] = [
    { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
    linear('fc2', 'norm', 4, [1, 1, 1, 1, 1, 1, 1, 1]),
  ];
  return {
    name: 'worked',
    input: {
      shape: [2],
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'static', scale: 1 },
    },
    // The four signs of two weights: x + y, x − y, −x + y, −x − y.
    nodes: [linear('fc1', 'input', 2, [1, 1, 1, 0, 0, 1, 0, 0]), ...(layers === 2 ? second : [])],
    labels: layers === 2 ? ['0', '1'] : ['0', '1', '2', '3'],
    provenance: {},
  };
}

it('counts what a layer reads of another one', async () => {
  // (3, 1): 4, 2, −2, −4: two of four. (2, 2): 4, 0, 0, −4: one.
  expect(await positiveShare(model(2), Int8Array.of(3, 1), 1)).toBe(0.5);
  expect(await positiveShare(model(2), Int8Array.of(3, 1, 2, 2), 2)).toBe(0.375);
  expect(await positiveShare(model(1), Int8Array.of(3, 1), 1)).toBeUndefined();
});
