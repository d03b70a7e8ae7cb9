// Closed switches of the command: what no case is for is refused, whatever the types say.
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addSchemaFlags } from './config/schema-flags.js';
import { describeError } from './errors.js';
import { EXIT_CODES } from './exit-codes.js';
import { taskScores } from './results/task-score.js';

const refusal = (message: string) =>
  expect.objectContaining({ name: 'CliError', code: 'invalid-value', message: expect.stringContaining(message) });

it('refuses the scores of a task that is none', () => {
  const model = { output: { task: 'ranking' } } as never;
  const samples = { count: 0, targets: new Float32Array(), labels: new Uint8Array() } as never;
  const scores = () => taskScores(model, samples, new Int8Array(), { outputs: 1, logits: new Int32Array() } as never);
  expect(scores).toThrow(refusal('There is no output {"task":"ranking"}.'));
});

it('refuses the value of a flag of a type that is none, as a mistake and not as a bug', () => {
  const command = new Command().exitOverride();
  const flag = { flag: 'when', path: ['when'], leaf: 'date', choices: [], default: undefined, description: 'when' };
  addSchemaFlags(command, [flag as never], 'Flags');
  let error: unknown;
  try {
    command.parse(['--when', '2020-01-01'], { from: 'user' });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toEqual(refusal("There is no type of flag 'date'."));
  expect(describeError(error)).toMatchObject({ exitCode: EXIT_CODES.usage, isBug: false });
});
