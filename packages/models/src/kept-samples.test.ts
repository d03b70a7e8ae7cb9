// The samples that a model carries: written and read, bounded, and refused where they are none; files without them load as before.
import { expect, it } from 'vitest';
import { decodeBnm, encodeBnm } from './files/bnm.js';
import { keptSampleLimit, MAX_KEPT_BYTES } from './kept-samples.js';
import { elementCount } from './tensor-shape.js';
import { handWorkedLinear } from './testing/small-models.js';

const model = handWorkedLinear();
const features = elementCount(model.input.shape);
const some = (count: number) => Int8Array.from({ length: count * features }, (_, i) => (i * 37) % 256);

it('come back as they were, with their classes or without', () => {
  const samples = { inputs: some(3), labels: Uint16Array.of(0, 1, 0) };
  expect(decodeBnm(encodeBnm({ ...model, samples })).samples).toEqual(samples);
  expect(decodeBnm(encodeBnm({ ...model, samples: { inputs: some(1) } })).samples).toEqual({ inputs: some(1) });
  expect('samples' in decodeBnm(encodeBnm(model))).toBe(false);
});

it('are at most 16 and 4096 bytes', () => {
  expect([1, 256, 257, 4096, 4097].map(keptSampleLimit)).toEqual([16, 16, 15, 1, 0]);
  expect(MAX_KEPT_BYTES).toBe(4096);
  expect(() => encodeBnm({ ...model, samples: { inputs: some(17) } })).toThrow(/17|1 to 16 samples/);
});

it.each([
  ['none', { inputs: new Int8Array(0) }],
  ['a part of one', { inputs: some(1).subarray(1) }],
  ['too few classes', { inputs: some(2), labels: Uint16Array.of(1) }],
  ['a class that there is not', { inputs: some(1), labels: Uint16Array.of(999) }],
])('%s is refused', (_, samples) => {
  expect(() => encodeBnm({ ...model, samples })).toThrow(expect.objectContaining({ code: 'invalid-model' }));
});
