// Closed switches of this package: what no case is for is refused, whatever the types say.
import { expect, it } from 'vitest';
import { arrayShape } from './data/array-shape.js';
import { describeScore } from './training/scores.js';

const refusal = (message: string) =>
  expect.objectContaining({
    name: 'TrainerError',
    code: 'invalid-argument',
    message: expect.stringContaining(message),
  });

it.each<[what: string, use: () => unknown, message: string]>([
  [
    'a form of samples',
    () => arrayShape({ dimensions: [2, 3], values: new Float32Array(6) }, { form: 'video' as never }, 'a.npy'),
    "There is no form of samples 'video'.",
  ],
  ['a task', () => describeScore('ranking' as never, { accuracy: 1 } as never), "There is no task 'ranking'."],
])('refuses %s that is none', (_, use, message) => {
  expect(use).toThrow(refusal(message));
});
