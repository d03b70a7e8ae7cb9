// What is said of a sample's values that a model cannot take as they are.
import type { QuantizedModel } from '@bitnetmcu/models';
import { makeRawFeature } from '@bitnetmcu/models/internal';
import { expect, it } from 'vitest';
import { rawSample } from './sample.js';

it('values that the raw type cannot hold are said to be clamped, also where the range is all of the type', () => {
  const features = ['x', 'y'].map((name) => makeRawFeature({ name, decimals: 0, low: -32_768, high: 32_767 }));
  const model = { input: { shape: [2], raw: { kind: 'table', type: 'i16', features } } } as unknown as QuantizedModel;
  expect(rawSample(model, 'row', [40_000, 32_767], undefined).clamped).toEqual(['x']);
  expect(rawSample(model, 'row', [5, -1e9], undefined).clamped).toEqual(['y']);
  expect(rawSample(model, 'row', [32_767, -32_768], undefined).clamped).toEqual([]);
});
