// Closed switches of this package: what no case is for is refused, whatever the types say.
import type { QuantizedModel } from '@bitnetmcu/models';
import { expect, it } from 'vitest';
import { outputParts } from './c/output/output-source.js';
import { forwardLayer } from './float/forward-layer.js';
import { outputText } from './output-text.js';
import { modelOutput } from './quantize/model-output.js';
import { requireScaleOnlyNorm } from './quantize/scale-free/norms.js';

const refusal = (message: string) =>
  expect.objectContaining({ name: 'ExporterError', code: 'invalid-option', message: expect.stringContaining(message) });

const none = undefined as never;
const output = { task: 'ranking' } as never;
const model = { name: 'net', labels: [], output } as unknown as QuantizedModel;

it.each<[what: string, use: () => unknown, message: string]>([
  ['a task, in C', () => outputParts(model, 'net', none, undefined, none), 'There is no output {"task":"ranking"}.'],
  ['a task, in words', () => outputText(model, 2), 'There is no output {"task":"ranking"}.'],
  ['a task, at export', () => modelOutput(output, model, 1, {}), "There is no task 'ranking'."],
  [
    'a norm',
    () => requireScaleOnlyNorm(none, { name: 'fc', type: 'linear', norm: 'group' } as never, 4),
    "There is no norm 'group'.",
  ],
  [
    'a layer of a float network',
    () => forwardLayer({ name: 'b', op: 'bend', weight: new Float32Array(4) } as never, [new Float64Array(4)], 1),
    'There is no layer {"name":"b","op":"bend"}.',
  ],
])('refuses %s that is none', (_, use, message) => {
  expect(use).toThrow(refusal(message));
});
