// Closed switches of this package: what no case is for is refused, whatever the types say.
import { describe, expect, it } from 'vitest';
import { requireOutput } from './output/check-output.js';
import { decide, decisionNumber } from './output/decide.js';

const refusal = (message: string) =>
  expect.objectContaining({ name: 'ModelError', code: 'invalid-option', message: expect.stringContaining(message) });

describe('a task that is none', () => {
  const output = { task: 'ranking' } as never;

  it('is refused where the logits become an answer', () => {
    expect(() => decide({ output }, [1], [1, 2])).toThrow(refusal("There is no task 'ranking'."));
    expect(() => decisionNumber(output)).toThrow(refusal('There is no decision {"task":"ranking"}.'));
  });

  it('is refused by the check of outputs', () => {
    expect(() => requireOutput(output, { inputs: 1, outputs: 2 })).toThrow(refusal('{"task":"ranking"}'));
  });
});
