// What an error means to the command, for every error class that the packages export.
import * as exporter from '@bitnetmcu/exporter';
import * as runtime from '@bitnetmcu/mcu-runtime';
import * as sim from '@bitnetmcu/mcu-runtime/sim';
import * as models from '@bitnetmcu/models';
import * as modelInternals from '@bitnetmcu/models/internal';
import * as quant from '@bitnetmcu/quant';
import { BitnetmcuError } from '@bitnetmcu/quant';
import * as trainer from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { CliError, describeError } from './errors.js';
import { EXIT_CODE_MEANINGS } from './exit-codes.js';

type ErrorClass = typeof BitnetmcuError;

const classes = [quant, models, modelInternals, trainer, runtime, sim, exporter, { CliError }].flatMap((entry) =>
  Object.entries(entry).filter(
    (named): named is [string, ErrorClass] =>
      typeof named[1] === 'function' && (named[1] as ErrorClass).prototype instanceof Error,
  ),
);

describe('every error class of the packages', () => {
  it('is found', () => {
    const names = classes.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'BitnetmcuError',
        'QuantError',
        'ModelError',
        'TrainerError',
        'RuntimeError',
        'SimulatorError',
        'ExporterError',
        'AccumulatorOverflow',
        'UnsupportedGraphError',
        'CliError',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(classes)('%s has the common base and a name of its own', (name, errorClass) => {
    expect(Object.hasOwn(errorClass, 'className')).toBe(true);
    expect(errorClass.className).toBe(name);
    const prototype: unknown = errorClass.prototype;
    expect(prototype === BitnetmcuError.prototype || prototype instanceof BitnetmcuError).toBe(true);
  });
});

describe('describeError', () => {
  it('takes the refusals of the packages for mistakes, with the exit code of their meaning', () => {
    const described = [
      new quant.QuantError('unknown-format', 'There is no weight format "x".'),
      new models.ModelError('truncated-file', 'The file ends early.'),
      new trainer.TrainerError('data-not-found', 'MNIST is not here.'),
      new sim.SimulatorError('logits-differ', 'They differ.'),
      new exporter.ExporterError('aborted', 'Stopped.'),
      new CliError('check-failed', 'Two logits differ.'),
    ].map((error) => describeError(error));
    expect(described.map(({ code, exitCode, isBug }) => [code, exitCode, isBug])).toEqual([
      ['unknown-format', 2, false],
      ['truncated-file', 3, false],
      ['data-not-found', 4, false],
      ['logits-differ', 70, true],
      ['aborted', 130, false],
      ['check-failed', 1, false],
    ]);
    expect(described[1]!.message).toBe('The file ends early.');
  });

  it.each(['float-layer', 'unfoldable-norm', 'unsupported-graph', 'unsupported-node', 'accumulator-overflow'] as const)(
    '%s: a network that cannot be exported fails a check, as the help says',
    (code) => {
      expect(EXIT_CODE_MEANINGS[1]).toContain('cannot be exported');
      const refusal = new exporter.ExporterError(code, 'It has no integer form.');
      expect(describeError(refusal)).toMatchObject({ exitCode: 1, isBug: false });
    },
  );

  it("explains the system's errors that a user can mend", () => {
    const missing = Object.assign(new Error('ENOENT: …'), { code: 'ENOENT', path: 'a\u001b[2J.bnm' });
    const report = describeError(missing);
    expect(report).toMatchObject({ code: 'bad-file', exitCode: 3, isBug: false });
    expect(report.message).toMatch(/^a.*\.bnm: there is no such file or folder; check the path\.$/);
    expect(report.message).not.toContain('\u001b');
  });

  it('takes everything else for a bug, also what merely has a code', () => {
    for (const thrown of [
      new TypeError('x is undefined'),
      Object.assign(new Error('from elsewhere'), { code: 'unknown-format' }),
      Object.assign(new Error('bad zip'), { code: 'ERR_BAD_ARCHIVE' }),
      'a text',
      undefined,
    ]) {
      expect(describeError(thrown)).toMatchObject({ code: 'bug', exitCode: 70, isBug: true });
    }
  });
});
